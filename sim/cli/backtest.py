"""``csmsim backtest``: would last year have been inside the forecast?"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sim.cli.run import FORCE
from sim.cli.taken_up import Cluster, Resume, taken_up, workers_from

if TYPE_CHECKING:
    from sim.plan.plan import Plan

History: TypeAlias = Annotated[
    Path,
    typer.Argument(
        metavar="HISTORY", help="What has happened: a folder as csmsim intake writes it, or a file DEALS.csv."
    ),
]
PlanFile: TypeAlias = Annotated[
    Path, typer.Option(metavar="PLAN.toml", help="The plan that is settled on both sides.")
]
Cut: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="DATE",
        help="First day of the forecast, YYYY-MM-DD; what is dated before it is known, and nothing else.",
    ),
]
ScenarioFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="SCENARIO.toml",
        help="Assume this of customers, the book apart, instead of estimating it from the history at each cut.",
    ),
]
Prior: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="SCENARIO.toml",
        help="What is believed before the history speaks, as in csmsim calibrate. [default: the shipped company]",
    ),
]
Every: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="SPAN",
        help="Further cuts, as far as the history goes: a month, quarter, half-year or year apart.",
    ),
]
Periods: TypeAlias = Annotated[
    int | None,
    typer.Option(metavar="N", help="Periods of each forecast. [default: a year, or what is told of]"),
]
Out: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Where results go. [default: results/PLAN-backtest here]")
]
Worlds: TypeAlias = Annotated[
    int | None, typer.Option(metavar="N", help="Worlds of each forecast. [default: 1000]")
]
Threads: TypeAlias = Annotated[
    int | None, typer.Option(metavar="N", help="Threads. [default: all processors]")
]
Seed: TypeAlias = Annotated[int | None, typer.Option(metavar="N", help="Seed of every draw. [default: 1]")]
Anonymous: TypeAlias = Annotated[
    bool, typer.Option("--anonymous", help="Mask the names of people: CSM 01, CSM 02, ...")
]
Force: TypeAlias = Annotated[bool, typer.Option("--force", help=FORCE)]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print the result as JSON and nothing else.")]


def _about(plan: "Plan", files: Sequence[Path | None], **asked: object) -> dict[str, object]:
    """What decides the result of a backtest."""
    from sim.engine.resumed import fingerprint
    from sim.files.manifest import digest_of

    found: list[str] = []
    for path in files:
        inside = sorted(path.rglob("*")) if path is not None and path.is_dir() else [path]
        found += [digest_of(each) for each in inside if each is not None and each.is_file()]
    return {"command": "backtest", "plan": fingerprint(plan), "files": fingerprint(found), **asked}


def backtest(
    history: History,
    plan: PlanFile,
    cut: Cut,
    scenario: ScenarioFile = None,
    prior: Prior = None,
    every: Every = None,
    periods: Periods = None,
    out: Out = None,
    worlds: Worlds = None,
    threads: Threads = None,
    seed: Seed = None,
    anonymous: Anonymous = False,
    force: Force = False,
    resume: Resume = True,
    cluster: Cluster = None,
    as_json: AsJson = False,
) -> None:
    """Forecast from a past day with what was known then, and hold the forecast against what happened.

    Estimates the scenario from what was known on that day, simulates from the real book of that day, settles the plan on
    what happened since, and says where cost, renewed ARR, gross retention and attainment lie in their forecasts, of the
    company and of every CSM: percentile, 90 % range, and by how much the forecast missed beside two naive ones (last year
    again; everybody at last year's mean).
    """
    from sim.files.place import reserved
    from sim.plan.plan import load_plan

    loaded = load_plan(plan)
    directory = Path("results") / f"{loaded.name}-backtest" if out is None else out
    with reserved(directory, "backtest", study=plan, implied=out is None, force=force) as place:
        from sim.calls.backtest import backtest as tested
        from sim.cli.run import progress_bar, tell

        told = _about(loaded, (history, scenario, prior), cut=cut, every=every, periods=periods)
        about = told | {"--worlds": worlds, "--seed": seed}
        with (
            taken_up(place, workers_from(threads, cluster), resume, about) as workers,
            progress_bar("forecasts") as progress,
        ):
            found = tested(
                history,
                loaded,
                cut=cut,
                scenario=scenario,
                prior=prior,
                every=every,
                periods=periods,
                worlds=worlds,
                threads=threads,
                executor=workers,
                seed=seed,
                anonymous=anonymous,
                progress=progress,
            )
            place.publish(found.fill)
    from sim.report.reported import reported_backtest

    tell(found, lambda: reported_backtest(found.found), directory, place.kept, as_json)
