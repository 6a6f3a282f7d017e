"""Sweep a plan over values of its clauses, on kept worlds: what each value costs and pays, on the same draws."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING, Any, Final

from sim.engine.study import Study
from sim.errors import InputError, Problem, near_match, shown
from sim.measure.moments import TILE
from sim.plan.plan import Plan
from sim.questions.registry import OF_PLAN, unit_of
from sim.questions.sweep.tables import ERROR, MEAN_IS
from sim.study.summary import some_of
from sim.study.worlds import Worlds, simulate

if TYPE_CHECKING:
    from sim.study.frames import Swept

Document = dict[str, Any]

MEASURES: Final = ("cost.mean", "cost.p50", "cost.p90", "vs_baseline.mean", "vs_baseline.p50")
"""What is told of each value where nothing is asked."""
AT_ONCE: Final = 32
"""Plans settled together: they share what they read of a book, and their totals are in memory."""
MOST_VALUES: Final = 100_000


def sweep(
    worlds: Worlds,
    plan: Plan | str,
    vary: Mapping[str, Sequence[object]],
    measures: Sequence[str] = MEASURES,
) -> "Swept":
    """A row for each combination of values: the values, and each measure with its simulation error where it has one.

    vary     : values by their path in the plan file, such as ``component.renewals.quota.rate``.
    measures : paths in a plan's entry of the summary, such as ``cost.p90``. [usd over the horizon, shares]

    Raises: InputError for a value that the plan does not allow, a measure that nothing has, or a plan that reads what was
    not kept.
    """
    from sim.study.frames import Swept

    found = Swept(swept(worlds, plan, vary, measures))
    units = {measure: unit_of(measure) for measure in measures}
    found.attrs |= {"units": units, "paths": tuple(vary), "measures": tuple(measures)}
    return found


def swept(
    worlds: Worlds,
    plan: Plan | str,
    vary: Mapping[str, Sequence[object]],
    measures: Sequence[str] = MEASURES,
) -> list[Document]:
    """The rows of ``sweep`` as plain values."""
    base = worlds.plan_of(plan)
    points = points_of(vary)
    return [
        point | told(entry, measures)
        for point, entry in zip(points, entries(worlds, base, points, measures), strict=True)
    ]


def rehearse(
    study: Study, plan: str, vary: Mapping[str, Sequence[object]], measures: Sequence[str] = MEASURES
) -> None:
    """Ask on a few worlds what is about to be asked of many.

    Raises: InputError as ``sweep``, before the first of many worlds.
    """
    worlds = simulate(study, worlds=min(study.worlds, TILE), threads=1)
    told(next(entries(worlds, worlds.plan_of(plan), points_of(vary), measures)), measures)


def points_of(vary: Mapping[str, Sequence[object]]) -> list[dict[str, object]]:
    """Every combination of values.

    Raises: InputError when there are none, or too many.
    """
    count = prod(len(values) for values in vary.values())
    if not 0 < count <= MOST_VALUES:
        raise InputError([Problem("vary", f"between 1 and {MOST_VALUES:,} combinations", f"{count:,}")])
    return [dict(zip(vary, values, strict=True)) for values in product(*vary.values())]


def entries(
    worlds: Worlds, plan: Plan, points: Sequence[Mapping[str, object]], measures: Iterable[str]
) -> Iterator[Document]:
    """The summary's entry of a plan at each point, in order, as far as these measures ask; the study's baseline is settled
    beside them.

    Raises: InputError as ``sweep``.
    """
    worlds.check_varied(plan, points[0])
    names = iter(f"{plan.name} {place + 1}" for place in range(len(points)))
    left = iter([plan.altered(point, next(names)) for point in points])
    sections = {measure.partition(".")[0] for measure in measures}
    known = {name for part in OF_PLAN for name in part.model_fields}
    while some := list(islice(left, AT_ONCE)):
        found = worlds.settle(worlds.study.baseline, *some, clauses="payees" in sections)
        if sections <= known:
            plans = some_of(found.study, found.setting, found.totals, sections)
            yield from (plans[each.name].document() for each in some)
        else:  # the sentence on what is unknown names all that is known
            yield from (found.document["plans"][each.name] for each in some)


def told(entry: Document, measures: Sequence[str]) -> Document:
    """The measures of an entry, each with its simulation error where it has one; None where the plan has no such mean.

    Raises: InputError for a path that leads nowhere.
    """
    row: Document = {}
    for path in measures:
        where = f"measure {shown(path)}"
        section, _, key = path.partition(".")
        values = entry.get(section)
        if not isinstance(values, dict):
            known = [name for name, value in entry.items() if isinstance(value, dict)]
            fix = near_match(section, known)
            raise InputError([Problem(where, f"a measure; there are {known}", shown(section), fix)])
        error = "se" if key == "mean" else f"{key}{ERROR}"
        if key not in values and "tail" not in values:
            known = [name for name, value in values.items() if isinstance(value, int | float)]
            raise InputError([Problem(where, f"one of {known}", shown(key), near_match(key, known))])
        row[path] = values.get(key)
        if error in values:
            row[f"{path}{ERROR}"] = values[error]
        if is_mean(path) and row[path] is not None and values.get("fragile"):
            row[MEAN_IS] = "fragile"
    return row


def is_mean(path: str) -> bool:
    """Whether a measure is a mean over worlds of a plan's cost, which a few worlds may carry."""
    _, _, key = path.partition(".")
    return key.startswith(("mean", "cvar", "per_csm_year", "share_of_baseline")) and not key.endswith("p50")
