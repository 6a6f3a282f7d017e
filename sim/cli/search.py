"""``csmsim search``: the plans that are best at what a study wants, found on kept worlds and settled on fresh ones."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.run import FORCE
from sim.cli.taken_up import Cluster, Resume, taken_up, workers_from


def search(
    study: Annotated[Path, typer.Argument(metavar="STUDY.toml", help="A study with a [search] table.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where results go. [default: results/NAME-search here]")
    ] = None,
    evaluations: Annotated[
        int | None, typer.Option(metavar="N", help="Plans that are tried, instead of the study's.")
    ] = None,
    worlds: Annotated[
        int | None, typer.Option(metavar="N", help="Worlds of the search, instead of the study's.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(metavar="N", help="Threads. [default: all processors]")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="Seed of the worlds, instead of the study's.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=FORCE)] = False,
    resume: Resume = True,
    cluster: Cluster = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON and nothing else.")
    ] = False,
) -> None:
    """Search the clauses of a plan for what a study wants, and write the finalists as plan files."""
    from sim.files.place import reserved
    from sim.study.load import load

    loaded = load(study)
    directory = Path("results") / f"{loaded.name}-search" if out is None else out
    with reserved(directory, "search", study=study, implied=out is None, force=force) as place:
        from sim.cli.run import progress_bar, tell
        from sim.searching.search import search as searched
        from sim.study.arguments import altered_study

        loaded = altered_study(loaded, seed=seed, threads=threads)
        asked = {"--worlds": worlds, "--evaluations": evaluations}
        about = {"command": "search", "study": loaded.hash, **asked}
        with taken_up(place, workers_from(threads, cluster), resume, about) as workers:
            with progress_bar("plans") as progress:
                found = searched(
                    loaded,
                    executor=workers,
                    worlds=worlds,
                    evaluations=evaluations,
                    progress=progress,
                )
            place.publish(found.fill)
    from sim.report.reported import reported_search

    tell(found, lambda: reported_search(found.suite), directory, place.kept, as_json)
