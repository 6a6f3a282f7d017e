"""Who is paid more and who less in one result than in another, under the same plan: by name, where books are the same."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sim.comparison.inputs import PLAN, Change
from sim.engine.changes import CUT, FELT
from sim.errors import InputError, Problem
from sim.measure.estimate import Floats
from sim.questions.cost.summary import CostOfPlan
from sim.questions.payees.gap import LEVELS, SPREAD
from sim.questions.payees.summary import Payee, Payees
from sim.summary.summary import Summary

DRAWN_ANEW: Final = "drawn anew"
OF_NO_EFFECT: Final = ("name", "title", "about", "sources", "budget", "baseline", "limits")
"""Keys of the inputs that pay does not depend on."""
PAYEES: Final = "payees.parquet"


class Pay(NamedTuple):
    """Of a plan's CSMs in a result. pay : [csm, world] [usd over the horizon]"""

    csms: tuple[str, ...]
    pay: Floats


def payees(
    summaries: Sequence[Summary],
    directories: Sequence[Path],
    paired: bool,
    inputs: Sequence[Change],
) -> dict[str, Payees]:
    """By plan that both results have: every CSM that both have, B against A, in the first worlds.

    paired : whether worlds of the same number are alike; else nothing is told world by world.
    inputs : that differ; a single one that a plan's pay depends on is why its pay moves.

    Raises: InputError when the pay of CSMs cannot be read.
    """
    if any(each.study.book == DRAWN_ANEW for each in summaries):
        return {}
    sides = [pay_of(each) for each in directories]
    found = {}
    for plan in sides[0]:
        if plan in sides[1] and (rows := tuple(_rows(plan, summaries, sides, paired, inputs))):
            found[plan] = _payees(rows, min(side[plan].pay.shape[1] for side in sides))
    return found


def pay_of(directory: Path) -> dict[str, Pay]:
    """Pay by plan file; empty of a result without it.

    Raises: InputError when the file cannot be read.
    """
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    path = directory / PAYEES
    if not path.is_file():
        return {}
    try:
        rows = pq.read_table(path)
        names = {key: rows[key].combine_chunks().dictionary.to_pylist() for key in ("plan", "csm")}
        plan, csm = (rows[key].combine_chunks().indices.to_numpy() for key in ("plan", "csm"))
        worlds = int(rows["world"].to_numpy().max(initial=-1)) + 1
        pay = rows["variable"].to_numpy()
        return {
            names["plan"][code]: Pay(
                tuple(names["csm"][each] for each in csm[plan == code][::worlds]),
                pay[plan == code].reshape(-1, worlds),
            )
            for code in dict.fromkeys(plan.tolist())
        }
    except (OSError, ArrowException, KeyError, AttributeError, ValueError):
        raise InputError([Problem(str(path), "the payees of a result", "something else")]) from None


def _rows(
    plan: str,
    summaries: Sequence[Summary],
    sides: Sequence[Mapping[str, Pay]],
    paired: bool,
    inputs: Sequence[Change],
) -> Iterator[Payee]:
    """Who loses most first."""
    one, other = (side[plan] for side in sides)
    salary, against = (_salary(summary, plan) for summary in summaries)
    more = against - salary
    why = _why(plan, inputs)
    rows = []
    for place, csm in enumerate(one.csms):
        if csm not in other.csms:
            continue
        before, after = one.pay[place], other.pay[other.csms.index(csm)]
        worlds = min(len(before), len(after))
        mean = (float(before.mean()), float(after.mean()))
        change, usual = mean[1] - mean[0] + more, mean[0] + salary
        spread: dict[str, Any] = {}
        if paired:
            gap = after[:worlds] - before[:worlds] + more
            pay = before[:worlds] + salary
            spread = dict(zip(SPREAD, np.quantile(gap, LEVELS).tolist(), strict=True))
            spread["lose"] = float(np.mean(gap < -FELT * pay))
            error = gap.std(ddof=1) / np.sqrt(worlds) if worlds > 1 else 0.0
        else:
            error = np.hypot(*(each.std(ddof=1) / np.sqrt(len(each)) for each in (before, after)))
        rows.append(
            Payee(
                csm=csm,
                baseline=mean[0],
                pay=mean[1],
                change=change,
                change_se=float(error),
                change_share=change / usual if usual > 0.0 else None,
                why=why,
                **spread,
            )
        )
    yield from sorted(rows, key=lambda row: row.centre)


def _salary(summary: Summary, plan: str) -> float:
    """Of a CSM over the horizon. [usd]"""
    return (summary.plans[plan].of(CostOfPlan).cost_parts.base or 0.0) / summary.study.csms


def _why(plan: str, inputs: Sequence[Change]) -> str | None:
    """The one input that differs and that the plan's pay depends on; None where there are several, which have not been told
    apart.
    """
    mine = [
        each.where
        for each in inputs
        if (not each.where.startswith(PLAN) or each.where.startswith(f"{PLAN}{plan}:"))
        and each.where.partition(": ")[2].split(".")[0] not in OF_NO_EFFECT
    ]
    return mine[0] if len(mine) == 1 else None


def _payees(rows: tuple[Payee, ...], worlds: int) -> Payees:
    """In all: shares of CSMs, by what is expected of each."""
    shares = np.array([row.change_share or 0.0 for row in rows])
    return Payees(
        worlds=worlds,
        lose=float(np.mean(shares < -FELT)),
        gain=float(np.mean(shares > FELT)),
        share_losing_10pct=float(np.mean(shares < -CUT)),
        segments=(),
        rows=rows,
    )
