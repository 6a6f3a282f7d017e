"""Sentences on a sweep, from its rows."""

from collections.abc import Sequence
from itertools import pairwise

from sim.questions.search.words import clause, name_of, told
from sim.questions.sweep.summary import SweepSuite, SweptMeasure
from sim.questions.sweep.tables import COMPONENT
from sim.shapes.amounts import amount
from sim.shapes.words import counted


def moved(suite: SweepSuite, place: int) -> str:
    """How a measure moves over the rows: up or down all the way, or where it is least and most."""
    measure = suite.told[place]
    known = [(_at(suite, row.values), row.measures[place]) for row in suite.swept]
    found = [(at, value) for at, value in known if value is not None]
    name = name_of(measure.path)
    if not found:
        return f"{name} is told nowhere: pay has no mean; ask for cost.p50."
    lacking = len(known) - len(found)
    less = (
        f" At {lacking} of {counted(len(known), 'value')} it is not told, as pay has no mean."
        if lacking
        else ""
    )
    return _ends(measure, name, found, one=len(suite.vary) == 1) + less


def _ends(measure: SweptMeasure, name: str, found: Sequence[tuple[str, float]], one: bool) -> str:
    values = [value for _, value in found]
    (first, low), (last, high) = found[0], found[-1]
    steps = [later - earlier for earlier, later in pairwise(values)]
    if not any(steps):
        return f"{name} is {told(low, measure.unit)} at every value."
    if one and (all(step >= 0.0 for step in steps) or all(step <= 0.0 for step in steps)):
        way = "rises" if high > low else "falls"
        return (
            f"{name} {way} from {told(low, measure.unit)} at {first} to {told(high, measure.unit)} at {last}."
        )
    least, most = (pick(found, key=lambda each: each[1]) for pick in (min, max))
    return (
        f"{name} is least, {told(least[1], measure.unit)}, at {least[0]} and most, {told(most[1], measure.unit)}, at "
        f"{most[0]}."
    )


def kept(suite: SweepSuite) -> str | None:
    """At how many values the budget is at least a cost that is told; None without either."""
    budget = suite.study.budget
    place = next((at for at, each in enumerate(suite.told) if each.path in ("cost.p95", "cost.p90")), None)
    if budget is None or place is None:
        return None
    within = [row for row in suite.swept if (value := row.measures[place]) is not None and value <= budget]
    count, name = len(suite.swept), name_of(suite.told[place].path)
    return f"{name} is within the budget of {amount(budget)} at {len(within)} of {counted(count, 'value')}."


def fragile(suite: SweepSuite) -> str | None:
    """Where means rest on a few worlds."""
    marked = sum(row.mean_is is not None for row in suite.swept)
    if not marked:
        return None
    return f"At {marked} of {counted(len(suite.swept), 'value')} means rest on a few worlds and are not to be used."


def _at(suite: SweepSuite, values: Sequence[object]) -> str:
    return ", ".join(
        f"{path.removeprefix(COMPONENT)} = {clause(value)}"  # type: ignore[arg-type]
        for path, value in zip(suite.vary, values, strict=True)
    )
