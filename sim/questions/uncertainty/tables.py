"""What is not known of the inputs as tables: the parts of the spread of cost, and what each input moves."""

from typing import Final

from sim.questions.uncertainty.summary import (
    SpreadEntry,
    UncertaintyOfPlan,
    effects,
    unknown_of,
)
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.summary.summary import Summary

Cells = dict[str, Value]

PARTS: Final = (
    Column("sd", "Spread", "usd", note="Spread: one standard deviation over worlds.", mean=True),
    Column("sd_unknown", "not known", "usd", group="of which", mean=True),
    Column("sd_luck", "luck", "usd", group="of which", mean=True),
    Column("share_unknown", "Not known, of the variance", "share", brief="Not known", mean=True),
    Column("share_unknown_se", SIM_ERROR, "share", note=SE_NOTE),
)
INPUT: Final = Column("input", "Input")
MOST_INPUTS: Final = 12
"""Inputs of a plan that a narrow screen shows, those that move most."""


def spread_table(summary: Summary) -> Table | None:
    """What of the spread of each plan's cost is not known, and what is luck."""
    unknown = unknown_of(summary)
    rows = [
        {"plan": name, "what": what} | each.model_dump(exclude={"method"})
        for name, of_plan in summary.where(UncertaintyOfPlan, lambda part: part.uncertainty).items()
        for what, each in _parts(summary, of_plan.cost, of_plan.difference)
    ]
    if unknown is None or not rows:
        return None
    note = (
        "The squares of the two parts add up to that of the spread. Not known: how far mean cost lies apart from draw to "
        f"draw of the inputs. Luck: what is left where the inputs are known. {_errors(summary)}"
    )
    title = "What is not known, and what is luck"
    columns = (PLAN, Column("what", "Of"), *PARTS)
    brief = ("plan", "what", "sd", "sd_unknown", "sd_luck", "share_unknown")
    return table("uncertainty", title, columns, rows, note, brief=brief, short=f"{title} [{{unit}}]")


def _parts(
    summary: Summary, cost: SpreadEntry | None, difference: SpreadEntry | None
) -> list[tuple[str, SpreadEntry]]:
    named = (("cost", cost), (f"difference to {summary.study.baseline}", difference))
    return [(what, each) for what, each in named if each is not None]


def _errors(summary: Summary) -> str:
    """What standard errors of the study are about."""
    unknown = unknown_of(summary)
    assert unknown is not None
    if unknown.draws >= summary.study.worlds:
        return f"Every world lives on a draw of its own, of {unknown.draws:,}."
    return (
        f"Worlds share {unknown.draws:,} draws: errors of cost and of its differences, of stresses, gaming and comparisons "
        "count these draws as a sample of what the inputs may be, so that beyond some worlds a draw only more draws make "
        "them smaller. Errors of pay of single CSMs, of incentives and of responses are given these draws: they leave out "
        "that other draws would have been as likely."
    )


def effect_table(summary: Summary) -> Table | None:
    """What each input moves the mean cost of each plan by, the baseline's first."""
    unknown, found = unknown_of(summary), effects(summary)
    if unknown is None or not found:
        return None
    columns = (
        PLAN,
        INPUT,
        Column("p5", "P5", "ratio", group="Input"),
        Column("p95", "P95", "ratio", group="Input"),
        Column(
            "change",
            "Cost at P95 less at P5",
            "usd",
            signed=True,
            mean=True,
            note="Other inputs move with it as they do in the draws: what knowing it alone would tell of cost.",
        ),
        Column("change_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("told", "Told from none", note="Told: at 95 % for all inputs together."),
    )
    rows: list[Cells] = [
        {
            "plan": name,
            "input": path,
            "p5": unknown.inputs[path].p5,
            "p95": unknown.inputs[path].p95,
            "change": each.change,
            "change_se": each.change_se,
            "told": "yes" if each.told else "no",
        }
        for name in sorted(found, key=lambda name: name != summary.study.baseline)
        for path, each in found[name].items()
    ]
    title = "Which inputs it is: cost as each goes from its P5 to its P95"
    brief = ("plan", "input", "p5", "p95", "change", "change_se")
    return table(
        "uncertain_inputs", title, columns, rows, brief=brief, short=f"{title} [{{unit}}]", most=MOST_INPUTS
    )
