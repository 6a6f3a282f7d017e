"""``csmsim calibrate``: from a history to the scenario that it speaks for, with how sure each value is."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.run import FORCE


def calibrate(
    history: Annotated[
        Path, typer.Argument(metavar="HISTORY", help="A folder with deals.csv, as csmsim intake writes it.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where results go. [default: results/HISTORY-calibrated here]"),
    ] = None,
    prior: Annotated[
        Path | None,
        typer.Option(
            metavar="SCENARIO.toml",
            help="What is believed before the history. [default: the shipped company.toml]",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Use what was known at the end of this day. [default: the last booking]"
        ),
    ] = None,
    draws: Annotated[int, typer.Option(metavar="N", help="Joint draws that are kept.")] = 1_000,
    sweeps: Annotated[
        int | None,
        typer.Option(metavar="N", help="Sweeps of the sampler. [default: the more, the smaller the history]"),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the draws.")] = 1,
    force: Annotated[bool, typer.Option("--force", help=FORCE)] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was found as JSON and nothing else.")
    ] = False,
) -> None:
    """Learn a scenario from the company's own history: churn, timing, amounts, growth, the book, and what hangs together.

    Writes scenario.toml, posterior.parquet (joint draws of every estimated value), calibration.json and a page. What is not
    due yet, or due and not booked, counts as just that; what the history cannot tell stays at the prior, and is named.
    """
    from sim.calls.calibrate import asked
    from sim.files.place import reserved

    directory = Path("results") / f"{history.resolve().name}-calibrated" if out is None else out
    scenario, day = asked(prior, as_of, draws, seed, sweeps)
    with reserved(directory, "calibrate", study=history, implied=out is None, force=force) as place:
        from sim.calibration.calibrate import calibrate as calibrated
        from sim.calibration.directory import fill
        from sim.cli.run import progress_bar, say_where

        with progress_bar("sweeps") as progress:
            found = calibrated(history, scenario, day, draws, seed, progress, sweeps)
        place.publish(lambda folder: fill(found, folder))
    if as_json:
        typer.echo(found.to_json())
        return
    from sim.calibration.report import report_of
    from sim.cli.run import terminal
    from sim.report.terminal.report import printed_report

    console = terminal()
    console.print(printed_report(report_of(found)))
    say_where(console, directory, place.kept)
