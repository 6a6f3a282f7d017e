"""``csmsim sweep`` and ``csmsim solve``: what a clause does as it is varied, and the value that fits."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.run import FORCE
from sim.errors import InputError, Problem
from sim.files.all_at_once import AllAtOnce

if TYPE_CHECKING:
    from rich.console import Console

    from sim.engine.study import Study
    from sim.files.place import Place
    from sim.report.plot import TradeOff

STUDY = typer.Argument(metavar="STUDY.toml", help="Scenario, plans and seed to simulate.")
PLAN = typer.Option("--plan", metavar="NAME", help="The plan of the study that is varied.")
WORLDS = typer.Option(metavar="N", help="Worlds, instead of the study's.")
THREADS = typer.Option(metavar="N", help="Threads. [default: all processors]")
SEED = typer.Option(metavar="N", help="Seed, instead of the study's.")
PLOT = typer.Option(
    "--plot", metavar="FILE", help="Also draw the trade-off curve: a new .svg, .png or .pdf file."
)
OUT = typer.Option(
    "--out", metavar="DIR", help="Also write a page, tables and JSON there. [default: nothing is written]"
)
JSON = typer.Option("--json", help="Print JSON and nothing else.")


def sweep(
    study: Annotated[Path, STUDY],
    plan: Annotated[str, PLAN],
    vary: Annotated[
        list[str],
        typer.Option(
            "--vary", metavar="PATH=LOW..HIGH/COUNT", help="Clause and values; or PATH=A,B,C. Repeat it."
        ),
    ],
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", metavar="PATH", help="Of the summary, such as cost.p90. Repeat it."),
    ] = None,
    worlds: Annotated[int | None, WORLDS] = None,
    threads: Annotated[int | None, THREADS] = None,
    seed: Annotated[int | None, SEED] = None,
    plot: Annotated[Path | None, PLOT] = None,
    out: Annotated[Path | None, OUT] = None,
    force: Annotated[bool, typer.Option("--force", help=FORCE)] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Sweep a plan over values of its clauses, every value on the same worlds."""
    import json

    from sim.questions.sweep.tables import suite_table
    from sim.study.measured import swept_picture
    from sim.study.sweep import MEASURES, rehearse, swept
    from sim.study.swept import result_of_sweep
    from sim.study.vary import varied, varied_together
    from sim.study.worlds import simulate

    read = AllAtOnce()
    values = [read(varied, each) for each in vary]
    asked = read(varied_together, [each for each in values if each is not None])
    altered = read(partial(_asked, worlds=worlds, seed=seed, threads=threads), study)
    read(partial(check_picture, clauses=len(vary)), plot)
    read.check()
    assert altered is not None, "checked"
    assert asked is not None, "checked"
    measures = tuple(dict.fromkeys(measure or MEASURES))
    with _reserved(out, "sweep", study, force) as place:
        rehearse(altered, plan, asked, measures)
        kept = simulate(altered, threads=threads)
        rows = swept(kept, plan, asked, measures)
        result = result_of_sweep(kept, kept.plan_of(plan), tuple(asked), rows, measures)
        if place is not None:
            place.publish(result.fill)
    if plot is not None:
        write_picture(plot, swept_picture(rows, next(iter(asked)), measures[0]))
    if as_json:
        typer.echo(json.dumps({"plan": plan, "worlds": len(kept), "rows": rows}, indent=2, allow_nan=False))
        return
    from sim.cli.run import terminal
    from sim.report.terminal.printed import printed

    console = terminal()
    console.print(printed(suite_table(result.suite)))
    _say_where(console, out, place)


def solve(
    study: Annotated[Path, STUDY],
    plan: Annotated[str, PLAN],
    vary: Annotated[
        str, typer.Option("--vary", metavar="PATH=LOW..HIGH", help="Clause, and the ends that are tried.")
    ],
    until: Annotated[
        str, typer.Option("--until", metavar="MEASURE=VALUE", help="Such as 'cost.p90 = 1.55M'.")
    ],
    worlds: Annotated[int | None, WORLDS] = None,
    threads: Annotated[int | None, THREADS] = None,
    seed: Annotated[int | None, SEED] = None,
    plot: Annotated[Path | None, PLOT] = None,
    out: Annotated[Path | None, OUT] = None,
    force: Annotated[bool, typer.Option("--force", help=FORCE)] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Find the value of a clause at which a measure of a plan comes to a target."""
    import json

    from sim.study.solve import solve as solved
    from sim.study.solve import target_of
    from sim.study.sweep import rehearse
    from sim.study.swept import result_of_solution
    from sim.study.vary import ends
    from sim.study.worlds import simulate

    read = AllAtOnce()
    varied, target = read(ends, vary), read(target_of, until)
    altered = read(partial(_asked, worlds=worlds, seed=seed, threads=threads), study)
    read(partial(check_picture, clauses=1), plot)
    read.check()
    assert altered is not None, "checked"
    assert varied is not None, "checked"
    assert target is not None, "checked"
    path, between = varied
    with _reserved(out, "solve", study, force) as place:
        rehearse(altered, plan, {path: between}, (target.measure,))
        kept = simulate(altered, threads=threads)
        found = solved(kept, plan, vary=path, until=target, between=between)
        if place is not None:
            place.publish(result_of_solution(kept, kept.plan_of(plan), found).fill)
    if plot is not None:
        write_picture(plot, found.picture())
    if as_json:
        typer.echo(json.dumps(found.to_json(), indent=2, allow_nan=False))
        return
    from sim.cli.run import terminal
    from sim.report.terminal.printed import printed

    console = terminal()
    console.print(found.sentence, style="bold", markup=False, highlight=False)
    console.print()
    console.print(printed(found.table()))
    _say_where(console, out, place)


@contextmanager
def _reserved(out: Path | None, command: str, study: Path, force: bool) -> "Iterator[Place | None]":
    """The folder that is asked, reserved before the work; None where none is."""
    if out is None:
        yield None
        return
    from sim.files.place import reserved

    with reserved(out, command, study=study, force=force) as place:
        yield place


def _say_where(console: "Console", out: Path | None, place: "Place | None") -> None:
    if out is not None and place is not None:
        from sim.cli.run import say_where

        say_where(console, out, place.kept)


def _asked(path: Path, worlds: int | None, seed: int | None, threads: int | None) -> "Study":
    """The study with the worlds and seed that are asked.

    Raises: InputError with everything that is wrong with its files, or else with the options.
    """
    from sim.study.arguments import altered_study
    from sim.study.load import load

    return altered_study(load(path), worlds=worlds, seed=seed, threads=threads)


def check_picture(path: Path, clauses: int) -> None:
    """Raises: InputError when no picture can be drawn of so many clauses, or when no new file can lie there."""
    from sim.files.new_file import check_new_file
    from sim.report.plot import FORMATS, check_installed

    if clauses != 1:
        fix = "Sweep one clause, or leave --plot out."
        raise InputError([Problem("--plot", "of a sweep of one clause", f"{clauses} of them", fix)])
    check_installed()
    if path.suffix not in FORMATS:
        raise InputError([Problem("--plot", f"a file that ends in {' or '.join(FORMATS)}", str(path))])
    check_new_file("--plot", path, path.suffix)


def write_picture(path: Path, shape: "TradeOff") -> None:
    """Draw a trade-off curve into a new file.

    Raises: InputError when it cannot be written there.
    """
    from sim.files.new_file import write_new_file
    from sim.report.plot import trade_off, written

    write_new_file("--plot", path, written(trade_off(shape), path.suffix))
