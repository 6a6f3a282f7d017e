"""``csmsim stress``: every plan under named stresses, the tornado, and the smallest move that breaks the budget."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.taken_up import Cluster, Resume, taken_up, workers_from

BROKEN = 1
"""Exit code of ``--strict`` where a plan breaks a limit."""


def stress(
    study: Annotated[Path, typer.Argument(metavar="STUDY.toml", help="Scenario, plans and limits.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where results go. [default: results/NAME-stress here]")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A stress to run; give it again for more. [default: all]"),
    ] = None,
    worlds: Annotated[int | None, typer.Option(metavar="N", help="Worlds, instead of the study's.")] = None,
    threads: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1024, help="Threads. [default: all processors]")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed, instead of the study's.")] = None,
    tornado: Annotated[
        bool, typer.Option("--tornado/--no-tornado", help="Move every input too, and search what breaks.")
    ] = True,
    strict: Annotated[
        bool, typer.Option("--strict", help="Leave with 1 when a plan breaks a limit.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace whatever lies in DIR; it stays beside, as DIR.old-1.")
    ] = False,
    resume: Resume = True,
    cluster: Cluster = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON and nothing else.")
    ] = False,
) -> None:
    """Settle every plan of a study under stresses of its scenario, and hold it against the study's limits."""
    from sim.files.place import reserved
    from sim.study.load import load

    loaded = load(study).altered(seed=seed, worlds=worlds)
    directory = Path("results") / f"{loaded.name}-stress" if out is None else out
    with reserved(directory, "stress", study=study, implied=out is None, force=force) as place:
        from sim.cli.run import counter, say_where
        from sim.study.stress import stress as under_stress

        about = {"command": "stress", "study": loaded.hash, "--only": only, "--tornado": tornado}
        with taken_up(place, workers_from(threads, cluster), resume, about) as workers:
            with counter("scenarios settled") as progress:
                found = under_stress(
                    loaded,
                    executor=workers,
                    only=tuple(only or ()),
                    with_tornado=tornado,
                    progress=progress,
                )
            place.publish(found.fill)
    if as_json:
        typer.echo(found.to_json())
    else:
        from sim.cli.run import terminal
        from sim.report.reported import reported_suite
        from sim.report.terminal.report import printed_report

        console = terminal()
        console.print(printed_report(reported_suite(found.suite)))
        say_where(console, directory, place.kept)
    if strict and found.verdict == "fail":
        raise typer.Exit(BROKEN)
