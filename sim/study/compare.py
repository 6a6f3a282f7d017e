"""Two results side by side: which inputs differ, and which outputs differ by more than chance.

Both runs draw world w from its own number: with the same seed and draw plan, world w of both is as alike as their
scenarios are, and the difference is taken world by world. Otherwise the worlds are independent.
"""

import tomllib
from collections.abc import Iterator
from math import erfc, inf, isinf, sqrt
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sim.errors import InputError, Problem
from sim.files.result_file import taken, vouched
from sim.files.text import read_text
from sim.measure.estimate import ENDS_APART, Floats, mean_of, median_of, sign_test
from sim.measure.order import holm
from sim.report.written import read_document

Document = dict[str, Any]

SIGNIFICANT: Final = 0.05
"""Chance that any of the differences called significant is not one. [share]"""
SHARES: Final = ("grr", "nrr")
"""Means of the company's retention that are compared."""


class Change(NamedTuple):
    """An input that differs; None where one side does not have it."""

    where: str
    before: Any
    after: Any


class Difference(NamedTuple):
    """An output, B less A.

    statistic : ``"mean"``; ``"median"`` of a cost that has no mean on one side.
    gap       : B less A; paired, the mean or median of the differences.
    se        : standard error of the gap; of a median from its interval between order statistics, 0 without one.
    ci95      : 95 % interval of the gap; None where worlds are too few.
    p         : two-sided, of no difference at all; adjusted for the number of comparisons (Holm). [share]
    paired    : whether it was taken world by world.
    """

    plan: str
    measure: str
    before: float
    after: float
    statistic: str
    gap: float
    se: float
    ci95: tuple[float, float] | None
    p: float
    paired: bool

    @property
    def significant(self) -> bool:
        """Whether the difference is told apart from none."""
        return self.p < SIGNIFICANT

    def to_json(self) -> Document:
        """Plain numbers: the gap under the name of its statistic; what is not known is absent."""
        found = self._asdict() | {self.statistic: self.gap, "significant": self.significant}
        del found["gap"]
        return {key: value for key, value in found.items() if value is not None}


class Comparison(NamedTuple):
    """Everything that changed between two results."""

    inputs: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    outputs: tuple[Difference, ...]

    def to_json(self) -> Document:
        """Plain numbers, for ``--json``."""
        return {
            "inputs": [each._asdict() for each in self.inputs],
            "only_before": list(self.only_before),
            "only_after": list(self.only_after),
            "outputs": [each.to_json() for each in self.outputs],
        }


def compare(before: Path, after: Path) -> Comparison:
    """What changed in inputs and outputs from one result directory to another.

    Raises: InputError when one of them is not a result directory.
    """
    first, second = read_document(before), read_document(after)
    known = [vouched(each, "worlds.parquet", "study.toml", "scenario.toml") for each in (before, after)]
    with taken(before, known[0]), taken(after, known[1]):
        return _compared(before, after, first, second)


def _compared(before: Path, after: Path, first: Document, second: Document) -> Comparison:
    plans = [name for name in first["plans"] if name in second["plans"]]
    return Comparison(
        inputs=tuple(_inputs(before, after)),
        only_before=tuple(name for name in first["plans"] if name not in second["plans"]),
        only_after=tuple(name for name in second["plans"] if name not in first["plans"]),
        outputs=tuple(_outputs(before, after, first, second, plans)),
    )


def _inputs(before: Path, after: Path) -> Iterator[Change]:
    """Differing keys of the study, the scenario and each plan."""
    sides = [_files(directory) for directory in (before, after)]
    for name in dict.fromkeys([*sides[0], *sides[1]]):
        one, other = (side.get(name, {}) for side in sides)
        for key in dict.fromkeys([*one, *other]):
            if one.get(key) != other.get(key):
                yield Change(f"{name}: {key}" if key else name, one.get(key), other.get(key))


def _files(directory: Path) -> dict[str, dict[str, Any]]:
    """The flattened content of every input file of a result, plans by their own name.

    Raises: InputError when one cannot be read.
    """
    found: dict[str, dict[str, Any]] = {}
    for path in (
        directory / "study.toml",
        directory / "scenario.toml",
        *sorted(directory.glob("plans/**/*.toml")),
    ):
        try:
            content = tomllib.loads(read_text(path))
        except (ValueError, RecursionError):
            fix = "Give directories that csmsim run wrote."
            raise InputError([Problem(str(path), "a TOML file of a result", "something else", fix)]) from None
        content.pop("record", None)
        name = path.stem if path.parent == directory else f"plan {content.get('name', path.stem)}"
        found[name] = dict(_flat(content, ""))
    book = directory / "book.csv"
    if book.exists():
        found["book.csv"] = {"": read_text(book)}
    return found


def _flat(content: Any, key: str) -> Iterator[tuple[str, Any]]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _flat(value, f"{key}.{name}" if key else name)
    elif isinstance(content, list) and any(isinstance(each, dict) for each in content):
        for place, value in enumerate(content):
            yield from _flat(value, f"{key}[{place}]")
    else:
        yield key, str(content) if not isinstance(content, str | int | float | bool | list) else content


def _outputs(
    before: Path, after: Path, first: Document, second: Document, plans: list[str]
) -> list[Difference]:
    """Cost of each common plan, and what the company keeps; the p of all of them adjusted together.

    Costs are compared by their means, by medians where one side has none.
    """
    alike = all(first["study"][key] == second["study"][key] for key in ("seed", "draw_plan"))
    sides = [costs_by_world(directory) for directory in (before, after)] if alike and plans else None
    found = []
    for name in plans:
        one, other = (each["plans"][name]["cost"] for each in (first, second))
        by_mean = "mean" in one and "mean" in other
        if sides is not None:
            paired = _paired if by_mean else _paired_by_median
            found.append(paired(name, sides[0][name], sides[1][name]))
        elif by_mean:
            found.append(_independent(name, "cost", one, other, "mean", "se"))
        else:
            found.append(_independent_by_median(name, one, other))
    found += [
        _independent(name, key, one, other, key, f"{key}_se")
        for name in plans
        for key in SHARES
        if f"{key}_se" in (one := first["plans"][name]["retention"])
        and f"{key}_se" in (other := second["plans"][name]["retention"])
    ]
    return [each._replace(p=p) for each, p in zip(found, holm([each.p for each in found]), strict=True)]


def costs_by_world(directory: Path) -> dict[str, Floats]:
    """Company cost of every plan over the horizon. [world] [usd]

    Raises: InputError when ``worlds.parquet`` cannot be read.
    """
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    path = directory / "worlds.parquet"
    if not path.is_file():
        raise InputError([Problem(str(path), "the worlds of a result", "no file")])
    try:
        rows = pq.read_table(path, columns=["world", "plan", "cost"])
        worlds, costs = rows["world"].to_numpy(), rows["cost"].to_numpy()
        plans = rows["plan"].combine_chunks()
        names, codes = plans.dictionary.to_pylist(), plans.indices.to_numpy()
    except (OSError, ArrowException, KeyError, AttributeError):
        raise InputError([Problem(str(path), "the worlds of a result", "something else")]) from None
    totals: dict[str, Floats] = {}
    for code, name in enumerate(names):
        mine = codes == code
        totals[name] = np.bincount(worlds[mine], costs[mine]).astype(np.float64)
    return totals


def _paired(name: str, before: Floats, after: Floats) -> Difference:
    """World by world, over the worlds that both have."""
    worlds = min(len(before), len(after))
    found = mean_of(after[:worlds] - before[:worlds])
    one, other = float(before[:worlds].mean()), float(after[:worlds].mean())
    return _by_mean(name, "cost", (one, other), found.mean, found.se, paired=True)


def _paired_by_median(name: str, before: Floats, after: Floats) -> Difference:
    """Median of the differences world by world, and the sign test."""
    worlds = min(len(before), len(after))
    gap = after[:worlds] - before[:worlds]
    found = median_of(gap)
    one, other = float(np.median(before[:worlds])), float(np.median(after[:worlds]))
    p = sign_test(gap)
    return Difference(name, "cost", one, other, "median", found.median, found.se, found.ci95, p, paired=True)


def _independent(
    plan: str, measure: str, one: Document, other: Document, value: str, error: str
) -> Difference:
    """Of two means whose errors are independent, or at most positively dependent: then it claims too little."""
    mean, se = other[value] - one[value], sqrt(one[error] ** 2 + other[error] ** 2)
    return _by_mean(plan, measure, (one[value], other[value]), mean, se, paired=False)


def _independent_by_median(plan: str, one: Document, other: Document) -> Difference:
    """Of two medians of independent worlds; each error from its order-statistic interval, one without it as wide as all."""
    ends = [each["quantile_ci95"].get("p50", (-inf, inf)) for each in (one, other)]
    se = sqrt(sum(((high - low) / ENDS_APART) ** 2 for low, high in ends))
    gap = other["p50"] - one["p50"]
    interval = None if isinf(se) else _normal(gap, se)
    values = (one["p50"], other["p50"])
    known = 0.0 if isinf(se) else se
    return Difference(plan, "cost", *values, "median", gap, known, interval, _p(gap, se), paired=False)


def _by_mean(
    plan: str, measure: str, values: tuple[float, float], mean: float, se: float, paired: bool
) -> Difference:
    return Difference(plan, measure, *values, "mean", mean, se, _normal(mean, se), _p(mean, se), paired)


def _normal(centre: float, se: float) -> tuple[float, float]:
    """Normal 95 % interval."""
    return centre - 1.959964 * se, centre + 1.959964 * se


def _p(mean: float, se: float) -> float:
    """Two-sided p of a normal mean; a difference without error is certain, no difference is none. [share]"""
    if se == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return erfc(abs(mean) / se / sqrt(2.0))
