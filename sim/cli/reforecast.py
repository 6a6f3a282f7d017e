"""``csmsim reforecast``: the rest of the year, given what has happened so far."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.run import FORCE


def reforecast(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY.toml", help="A study whose book is read from a file.")
    ],
    history: Annotated[
        Path,
        typer.Option(
            metavar="HISTORY",
            help="What has happened: a folder as csmsim intake writes it, or a file DEALS.csv.",
        ),
    ],
    as_of: Annotated[
        str,
        typer.Option("--as-of", metavar="DATE", help="What is dated before this day is known, YYYY-MM-DD."),
    ],
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day of the last forecast. [default: first day of the horizon]"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where results go. [default: results/NAME-reforecast here]"),
    ] = None,
    worlds: Annotated[int | None, typer.Option(metavar="N", help="Worlds, instead of the study's.")] = None,
    threads: Annotated[
        int | None, typer.Option(metavar="N", help="Threads. [default: all processors]")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed, instead of the study's.")] = None,
    force: Annotated[bool, typer.Option("--force", help=FORCE)] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON and nothing else.")
    ] = False,
) -> None:
    """Forecast the cost of every plan anew: what is booked is settled, what is open is drawn given that it still is.

    Cost over the whole horizon with its spread, what of it is accrued on the day, the true-up to come, what is left of the
    budget, and what has changed since the last forecast. Attainment to date, caps, draws and clawbacks carry over: past and
    future are settled together, once.
    """
    from sim.files.place import reserved
    from sim.study.load import load

    loaded = load(study)
    directory = Path("results") / f"{loaded.name}-reforecast" if out is None else out
    with reserved(directory, "reforecast", study=study, implied=out is None, force=force) as place:
        from sim.calls.reforecast import reforecast as forecast
        from sim.cli.run import progress_bar, tell

        with progress_bar() as progress:
            found = forecast(
                loaded,
                history,
                as_of=as_of,
                since=since,
                worlds=worlds,
                threads=threads,
                seed=seed,
                progress=progress,
            )
        place.publish(found.fill)
    from sim.report.reported import reported_forecast

    tell(found, lambda: reported_forecast(found.found), directory, place.kept, as_json)
