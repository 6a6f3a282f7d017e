"""``csmsim rank``: which plans of a study are worth choosing between."""

from pathlib import Path
from typing import Annotated

import typer


def rank(
    study: Annotated[Path, typer.Argument(metavar="STUDY.toml", help="Scenario, plans and assumptions.")],
    worlds: Annotated[int | None, typer.Option(metavar="N", help="Worlds, instead of the study's.")] = None,
    threads: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1024, help="Threads. [default: all processors]")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed, instead of the study's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Rank the plans of a study by what the company gets, and name those that another plan clearly beats."""
    import json

    from sim.study.load import load

    loaded = load(study).altered(seed=seed, worlds=worlds)
    from sim.questions.response.rank import ranking
    from sim.study.arguments import workers_of

    found = ranking(loaded, workers_of(threads))
    if as_json:
        typer.echo(json.dumps(found.document(), indent=2, ensure_ascii=False, allow_nan=False))
        return
    from sim.cli.run import terminal
    from sim.questions.response.rank_tables import ranking_sections
    from sim.report.terminal.report import answers

    terminal().print(answers(ranking_sections(found)))
