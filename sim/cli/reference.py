"""``csmsim schema`` and ``csmsim help``: what every key of every file means, for editors and for people."""

import json
from pathlib import Path
from typing import Annotated

import typer

KINDS = "plan, roles, scenario, study, stress, map or calendar"


def schema(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="KIND", help=f"{KINDS}; or what commands write: summary, search, sweep or reforecast."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the schemas of all kinds into a new folder."),
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of file: every key with its meaning, unit, default and range.

    Editors that know TOML (taplo, tombi) complete and check files that name it in their first line: #:schema PATH.
    """
    from sim.errors import InputError, Problem
    from sim.reference.published import text_of, write_all

    if out is not None:
        from sim.files.place import laid_down

        with laid_down(out) as place:
            place.publish(write_all)
        typer.echo(f"The schemas are in {out}.")
    elif kind is None:
        raise InputError(
            [
                Problem(
                    "kind of file",
                    f"one of {KINDS}, summary, search, sweep, reforecast; or give --out DIR",
                    "nothing",
                )
            ]
        )
    else:
        typer.echo(text_of(kind), nl=False)


def help_(
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help=f"{KINDS}.")] = None,
    path: Annotated[str, typer.Argument(metavar="[KEY]", help="A dotted key, such as component.quota.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the part of the schema as JSON.")] = False,
) -> None:
    """What a key of a file takes and means, and every key inside it: csmsim help plan component.curve.

    What a command takes is said by csmsim COMMAND --help.
    """
    from sim.reference.documents import DOCUMENTS
    from sim.reference.keys import explained
    from sim.reference.schema import found, schema

    if kind is None:
        kinds = {name: each.about for name, each in DOCUMENTS.items()}
        if as_json:
            typer.echo(json.dumps(kinds, indent=2))
        else:
            typer.echo("\n".join(f"csmsim help {name:<10} {about}" for name, about in kinds.items()))
        return
    text = explained(kind, path)  # says what is wrong with a key
    if as_json:
        text = json.dumps(found(schema(kind), path), indent=2, ensure_ascii=False)
    typer.echo(text)
