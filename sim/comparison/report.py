"""What a reader sees of a comparison: the inputs that differ, costs with their intervals, and what the company keeps."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sim.comparison.compare import Comparison
from sim.comparison.outputs import SHARES, Difference
from sim.questions.payees.tables import Told, first_ones, payees
from sim.shapes.fragile import SIM_ERROR
from sim.shapes.section import Section
from sim.shapes.table import PLAN, Column, Kind, Table, Value, table
from sim.shapes.words import counted

LONGEST: Final = 60
"""Longer values are cut. [character]"""
PAIRED: Final = "World by world: both runs drew the same numbers."
INDEPENDENT: Final = (
    "The runs drew different numbers, and other books where these are drawn once: "
    "errors of both sides add up."
)
NOTE: Final = (
    f"{SIM_ERROR}: one standard error, which more worlds make smaller. p: Holm over all comparisons."
)
BY_MEDIAN: Final = " By median, and by the sign test: plans whose cost has no mean."


def comparison_sections(found: Comparison) -> Iterator[Section]:
    """Inputs first, then outputs with their intervals."""
    inputs = input_table(found)
    yield Section("inputs", "Inputs", _inputs_finding(found), tables=() if inputs is None else (inputs,))
    tables = (cost_table(found.outputs), kept_table(found.outputs))
    finding = outputs_finding(found.outputs)
    yield Section("outputs", "Outputs", finding, tables=tuple(each for each in tables if each is not None))
    if found.payees:
        told = Told("A", found.payees, max(each.worlds for each in found.payees.values()))
        people = (first_ones(told), payees(told))
        title = "Who is paid more and who less"
        yield Section("payees", title, "", tables=tuple(each for each in people if each is not None))


def input_table(found: Comparison) -> Table | None:
    """Every input that differs."""
    columns = (Column("input", "Input"), Column("before", "A", none="—"), Column("after", "B", none="—"))
    rows = (
        {"input": each.where, "before": _cut(each.before), "after": _cut(each.after)} for each in found.inputs
    )
    title = f"Inputs that differ: {len(found.inputs)}"
    return table("inputs", title, columns, rows, brief=("input", "before", "after"))


def cost_table(outputs: Sequence[Difference]) -> Table | None:
    """Company cost of every plan that both sides have. [usd over the horizon]"""
    costs = [each for each in outputs if each.measure == "cost"]
    medians = {each.plan: "by median" for each in costs if each.statistic == "median"}
    columns = (PLAN, Column("statistic", "By"), *_columns("usd", "error"))
    rows = [_row(each, plan=each.plan, statistic=medians.get(each.plan)) for each in costs]
    how = PAIRED if costs and costs[0].paired else INDEPENDENT
    note = f"{how} {NOTE}{BY_MEDIAN if medians else ''}"
    title = "Company cost over the horizon, B against A"
    short = "Company cost, B against A [{unit} over the horizon]"
    return table("costs", title, columns, rows, note, brief=[each.key for each in columns], short=short)


def kept_table(outputs: Sequence[Difference]) -> Table | None:
    """Retention, once where it moves alike under every plan, as it does where CSMs do not react. [share/yr]"""
    kept = [each for each in outputs if each.measure != "cost"]
    plans = list(dict.fromkeys(each.plan for each in kept))
    moves = {each._replace(plan="") for each in kept}
    alike = len(plans) > 1 and len(moves) == len({each.measure for each in kept})
    columns = (Column("measure", "A year"), PLAN, *_columns("share", "share"))
    rows = [
        _row(each, measure=key.upper(), plan="every plan" if alike else each.plan)
        for key in SHARES
        for each in kept
        if each.measure == key and (not alike or each.plan == plans[0])
    ]
    title = "What the company keeps, B against A"
    return table("kept", title, columns, rows, brief=[each.key for each in columns])


def _columns(kind: Kind, error: Kind) -> tuple[Column, ...]:
    return (
        Column("before", "A", kind),
        Column("after", "B", kind),
        Column("gap", "B − A", kind, signed=True),
        Column("gap_se", SIM_ERROR, error),
        Column("p", "p", "p"),
    )


def _row(each: Difference, **names: Value) -> dict[str, Value]:
    numbers = {"before": each.before, "after": each.after, "gap": each.gap, "gap_se": each.se, "p": each.p}
    return {**names, **numbers}


def _inputs_finding(found: Comparison) -> str:
    sides = (("A", found.only_before), ("B", found.only_after))
    only = [f"Plans only in {side}: {', '.join(names)}." for side, names in sides if names]
    return " ".join(["" if found.inputs else "No input differs.", *only]).strip()


def outputs_finding(outputs: Sequence[Difference]) -> str:
    """Whose cost is told apart."""
    costs = [each for each in outputs if each.measure == "cost"]
    clear = [each.plan for each in costs if each.significant]
    if not costs:
        return "No plan is in both results: there is no output to compare."
    if not clear:
        return "No plan's cost is told apart between the two results."
    return f"Cost differs by more than chance for {len(clear)} of {counted(len(costs), 'plan')}: {', '.join(clear)}."


def _cut(value: Any) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
