"""The tables of a stress suite: for terminals, files, pages and sheets."""

from collections.abc import Iterator
from typing import Any, Final

from sim.questions.comparable import unmodelled
from sim.questions.stress.findings import without_mean
from sim.questions.stress.rows import stress_rows
from sim.questions.stress.summary import (
    Break,
    Move,
    Nearest,
    PlanOutcome,
    Reverse,
    Stressed,
    StressSuite,
    TornadoEntry,
)
from sim.questions.stress.words import broken, move_of, range_of, short
from sim.shapes.fragile import NO_MEAN, SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.shapes.words import counted

Row = dict[str, Value]

STRESS: Final = Column("stress", "Stress")
INPUT: Final = Column("input", "Input")
BARS: Final = 15
"""Inputs of the tornado on a narrow screen."""


def outcomes(suite: StressSuite) -> Table | None:
    """What each stress does to the cost of each plan."""
    columns = (
        STRESS,
        PLAN,
        Column("verdict", "Limits"),
        Column("mean", "Mean cost", "usd", none=NO_MEAN),
        Column("se", SIM_ERROR, "error", note=SE_NOTE),
        Column("p50", "Median", "usd"),
        Column("p90", "P90", "usd"),
        Column("statistic", "Change by"),
        Column(
            "change",
            "Change",
            "usd",
            signed=True,
            sets_unit=False,
            note="Change: against the same plan in the scenario as it is, world by world.",
        ),
        Column("change_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("change_share", "in %", "share", signed=True),
        Column("pay_change_share", "Variable pay", "share", signed=True, note="Variable pay: its change."),
        Column("prob_over_budget", "Over budget", "share"),
        Column("per_usd_kept", "per $ kept", "cent", note="Kept: ARR that came due and was renewed."),
        Column(
            "exposure_share", "Gained by dates", "share", note="Gained by dates: of variable pay, at least."
        ),
        Column("exposure_share_upper", "At most", "share", note="At most: no choice of dates gains more."),
        Column("worlds", "Worlds", "count"),
    )
    verdicts = {(row.stress, row.plan): row.verdict for row in stress_rows(suite)}
    rows = (
        {"stress": name, "plan": plan} | outcome.document() | {"verdict": verdicts.get((name, plan))}
        for name, plan, outcome in _outcomes(suite)
    )
    note = " ".join([*without_mean(suite), *unmodelled(suite.not_modelled)])
    return table("stresses", "What each stress does to the cost of each plan", columns, rows, note)


def _outcomes(suite: StressSuite) -> Iterator[tuple[str, str, PlanOutcome]]:
    for name, stress in suite.stresses.items():
        for plan, outcome in stress.outcomes.items():
            yield name, plan, outcome


def limits(suite: StressSuite) -> Table | None:
    """Every limit of every plan under every stress."""
    columns = (
        STRESS,
        PLAN,
        Column("limit", "Limit"),
        Column("verdict", "Verdict"),
        Column("value", "Value", "share"),
        Column("low", "Simulation error: from", "share"),
        Column("high", "to", "share"),
        Column(
            "upper",
            "At most",
            "share",
            note="At most: the upper end of what dates can gain; value is the lower one.",
        ),
        Column("most", "Allowed", "share"),
    )
    rows = (
        {"stress": name, "plan": plan, "limit": limit} | judged.document()
        for name, plan, outcome in suite.measured()
        for limit, judged in outcome.limits.items()
    )
    note = (
        "From, to: the range that simulation error leaves, at 95 %; more worlds narrow it. Undecided: the limit lies within "
        "it, or there are too few worlds for one. Each stands alone."
    )
    return table("limits", "Every limit, plan by plan and stress by stress", columns, rows, note)


def cases(suite: StressSuite) -> Table | None:
    """What happens in each stress, and on what grounds."""
    columns = (STRESS, Column("title", "What happens"), Column("source", "Source or reason"))
    rows: Iterator[Row] = (
        {"stress": name, "title": stress.title, "source": stress.source}
        for name, stress in suite.stresses.items()
        if stress.source is not None
    )
    title = "What happens in each stress, and on what grounds"
    return table("cases", title, columns, rows, brief=("stress", "title", "source"))


def moves(suite: StressSuite) -> Table | None:
    """What each stress moves, and on what grounds."""
    columns = (
        STRESS,
        Column("title", "What happens"),
        INPUT,
        Column("from", "From", "ratio"),
        Column("to", "To", "ratio"),
        Column("note", "Note"),
        Column("source", "Source or reason"),
    )
    rows = (
        row
        for name, stress in suite.stresses.items()
        if stress.source is not None
        for row in _moved(name, stress)
    )
    return table("moves", "What each stress moves", columns, rows)


def _moved(name: str, stress: Stressed) -> Iterator[Row]:
    about: Row = {"stress": name, "title": stress.title, "source": stress.source}
    for move in stress.moves or (None,):
        numbers: dict[str, Any] = {} if move is None else move.document()
        yield about | numbers | {"note": _note(stress, move)}


def _note(stress: Stressed, move: Move | None) -> str | None:
    """What else is to be said of a move."""
    if stress.not_measured is not None:
        return stress.not_measured
    if move is not None:
        if move.unused:
            return "The book is read from a file: nothing reads this."
        return "Held by a bound." if move.held else None
    if (asked := stress.leave_in_each_world) is not None:
        of = "the company" if asked.of == "company" else "every book"
        return f"{counted(asked.largest, 'account')} of {of}, in each world the largest of its own books"
    if stress.leave is not None:
        return f"{len(stress.leave)} accounts leave: {', '.join(stress.leave[:5])}"
    return None


def bars(suite: StressSuite, tornado: TornadoEntry) -> Table | None:
    """The tornado: each input at both ends of its range, the baseline's first, those that move it most on top."""
    baseline = suite.study.baseline
    columns = (
        Column("name", "Input"),
        PLAN,
        Column("low", "Low end", "usd", signed=True),
        Column("low_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("high", "High end", "usd", signed=True),
        Column("high_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("range", "Moved by"),
        Column("source", "Range from"),
        Column("input", "Path"),
    )
    about: dict[str, Row] = {
        path: {"name": short(path), "input": path, "range": range_of(bar), "source": bar.source}
        for path, bar in tornado.inputs.items()
    }
    rows = (
        {"plan": plan} | about[path] | bar.plans[plan].document()
        for plan in (baseline, *(name for name in suite.plans if name != baseline))
        for path, bar in tornado.inputs.items()
    )
    note = (
        f"Paired over {counted(tornado.worlds, 'world')}. {len(tornado.no_effect)} inputs do not matter here, "
        f"{len(tornado.zero)} are zero. What describes the book (csms, arr, due, terms) draws another book when it moves."
    )
    return table(
        "tornado",
        "Mean company cost when one input moves",
        columns,
        rows,
        note,
        brief=("name", "low", "high", "range"),
        short=f"Tornado: mean company cost of {baseline} when one input moves [{{unit}}]",
        most=min(BARS, len(tornado.inputs)),
    )


def breaks(suite: StressSuite, reverse: Reverse) -> Table | None:
    """The smallest move of one input, and of two, that breaks."""
    columns = (
        PLAN,
        Column("status", "Status"),
        Column("one", "One input", names=False),
        Column(
            "one_steps", "Steps", "ratio", note="Steps: one is one end of an input's range; factors compound."
        ),
        Column("one_steps_se", SIM_ERROR, "ratio", note=SE_NOTE),
        Column("two", "Two inputs", note="Two inputs: their steps are the root of the sum of squares."),
        Column("two_steps", "Their steps", "ratio"),
        Column("two_steps_se", SIM_ERROR, "ratio", note=SE_NOTE),
    )
    rows: Iterator[Row] = (
        {"plan": name, **_broken(plan, reverse.reach)} for name, plan in reverse.plans.items()
    )
    note = (
        f"Searched up to {reverse.reach:g} steps on {counted(reverse.worlds, 'world')}, in "
        f"{counted(len(reverse.searched), 'direction')}."
    )
    title = f"The smallest move that breaks the {broken(reverse)}"
    brief = ("plan", "one", "one_steps", "two", "two_steps")
    return table(
        "reverse",
        title,
        columns,
        rows,
        note,
        brief=brief,
        short=f"Reverse stress: {title[0].lower()}{title[1:]}",
    )


def _broken(nearest: Nearest, reach: float) -> Row:
    if nearest.status not in ("found", "none within reach"):
        return {"status": nearest.status, "one": nearest.status}
    one, two = nearest.one, nearest.two
    no_nearer = None if nearest.two_no_nearer is None else "no nearer"
    return {
        "status": nearest.status,
        "one": f"none within {reach:g} steps" if one is None else _inputs(one),
        "two": no_nearer if two is None else _inputs(two),
        **({} if one is None else {"one_steps": one.steps, "one_steps_se": one.steps_se}),
        **({} if two is None else {"two_steps": two.steps, "two_steps_se": two.steps_se}),
    }


def _inputs(nearest: Break) -> str:
    return ", ".join(f"{short(each.input)} {move_of(each)}" for each in nearest.inputs)
