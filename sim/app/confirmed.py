"""Kept worlds held against fresh ones: the same plans, and whether the two agree within chance."""

from collections.abc import Iterator
from math import hypot
from typing import Any, Final

from sim.questions.cost.summary import CostOfPlan
from sim.report.terminal.fitted import Fitted
from sim.report.terminal.printed import printed
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.shapes.words import counted, listed
from sim.summary.summary import Summary

Document = dict[str, Any]

COLUMNS: Final = (
    PLAN,
    Column("kept_p50", "Median, kept", "usd"),
    Column("fresh_p50", "Median, fresh", "usd"),
    Column("kept_p90", "P90, kept", "usd"),
    Column("fresh_p90", "P90, fresh", "usd"),
    Column("kept_against", "Against baseline, kept", "usd", signed=True),
    Column("fresh_against", "Against baseline, fresh", "usd", signed=True),
    Column("over", "Over budget, fresh", "share"),
    Column("agree", "Within chance"),
)


def confirmed(kept: Summary, fresh: Summary) -> Document:
    """A table of the two and the sentence on it."""
    found = _table(kept, fresh)
    shown = printed(found)
    assert isinstance(shown, Fitted), "numbers beside a name"
    apart = [str(row[0]) for row in found.rows if row[-1] == "no"]
    said = f"{counted(fresh.study.worlds, 'fresh world')} "
    said += (
        f"move the median of {listed(apart)} by more than chance explains: go by the fresh ones."
        if apart
        else f"bear out what {counted(kept.study.worlds, 'kept world')} say: no median moves by more than chance explains."
    )
    return {
        "sentence": said,
        "table": {
            "title": shown.title,
            "caption": shown.caption,
            "columns": shown.columns,
            "rows": shown.rows,
            "groups": [""] * len(shown.columns),
        },
        "plans": fresh.document()["plans"],
    }


def _table(kept: Summary, fresh: Summary) -> Table:
    found = table(
        "confirmed",
        "The same plans on kept and on fresh worlds",
        COLUMNS,
        _rows(kept, fresh),
        "Within chance: medians as near as their 95 % intervals allow. Against baseline: the median, world by world.",
        brief=[column.key for column in COLUMNS],
        short="Kept and fresh worlds [{unit}]",
    )
    assert found is not None, "a plan at least"
    return found


def _rows(kept: Summary, fresh: Summary) -> Iterator[dict[str, Value]]:
    for name, plan in fresh.plans.items():
        before, after = kept.plans[name].of(CostOfPlan), plan.of(CostOfPlan)
        reach = hypot(*(_reach(each) for each in (before, after)))
        agree = abs(before.cost.p50 - after.cost.p50) <= reach
        yield {
            "plan": name,
            "kept_p50": before.cost.p50,
            "fresh_p50": after.cost.p50,
            "kept_p90": before.cost.p90,
            "fresh_p90": after.cost.p90,
            "kept_against": None if name == fresh.study.baseline else before.vs_baseline.p50,
            "fresh_against": None if name == fresh.study.baseline else after.vs_baseline.p50,
            "over": after.cost.prob_over_budget,
            "agree": "yes" if agree else "no",
        }


def _reach(plan: CostOfPlan) -> float:
    """Half of the 95 % interval of the median. [usd]"""
    ends = (plan.cost.quantile_ci95 or {}).get("p50")
    return 0.0 if ends is None else 0.5 * (ends[1] - ends[0])
