"""What the rows of a backtest say: coverage, skill, and whether the forecast is refuted."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from statistics import fmean

import numpy as np

from sim.backtesting.scores import chance_of_scores, scores_of
from sim.questions.backtest.summary import NAIVES, WHATS, Coverage, CutEntry, Skill, Test


def coverages(cuts: Sequence[CutEntry]) -> Iterator[Coverage]:
    """By what, of the company and of CSMs."""
    for what in WHATS:
        for of in ("company", "csm"):
            rows = [
                row for cut in cuts for row in cut.rows
                if row.what == what and (row.csm is None) == (of == "company")
            ]  # fmt: skip
            if rows:
                yield Coverage(what=what, whose=of, rows=len(rows), inside=sum(row.inside for row in rows))


def coverage90(cuts: Sequence[CutEntry]) -> float:
    """Of all rows, those inside. [share]"""
    return fmean(row.inside for cut in cuts for row in cut.rows)


def skills(cuts: Sequence[CutEntry]) -> Iterator[Skill]:
    """Of the company's periods, where there is such a naive forecast."""
    for what in WHATS:
        rows = [
            row for cut in cuts for row in cut.rows if row.what == what and row.csm is None and not row.whole
        ]
        for naive in NAIVES:
            both = [(row.crps, miss) for row in rows if (miss := getattr(row, f"crps_{naive}")) is not None]
            if both:
                ours, theirs = (fmean(each) for each in zip(*both, strict=True))
                yield Skill(what=what, naive=naive, crps=ours, crps_naive=theirs)


def tests(cuts: Sequence[CutEntry]) -> Iterator[Test]:
    """Of cuts whose horizons do not overlap: percentiles of forecasts that are right are independent then, also where what
    one cut did not know decides the next.

    Source: Diebold, Gunther and Tay, "Evaluating density forecasts" (1998).
    """
    apart = [cut for cut in cuts if cut.apart]
    for what in WHATS:
        totals = [row for cut in apart if (row := cut.row(what)) is not None]
        if totals:
            scores = scores_of(np.array([row.pit for row in totals]))
            yield Test(what=what, cuts=len(totals), p=chance_of_scores(scores))
    inside = [cut.pay.p for cut in apart if cut.pay is not None]
    if inside:
        yield Test(what="csms", cuts=len(inside), p=_fisher(inside))


def _fisher(chances: Sequence[float]) -> float:
    """Of several independent chances as small as these together. Source: Fisher (1932)."""
    from scipy.special import chdtrc

    return float(chdtrc(2 * len(chances), -2.0 * float(np.log(chances).sum())))


def least(found: Iterable[Test]) -> float:
    """The least chance times their number, 1 at most. Source: Bonferroni."""
    chances = [each.p for each in found]
    return min(1.0, min(chances) * len(chances)) if chances else 1.0


def apart(cuts: Sequence[tuple[date, date]]) -> list[bool]:
    """Of each cut, whether it is a year or more after the last such cut, and its horizon begins no earlier than that of the
    other ends. Sooner after each other, forecasts miss alike: the market goes on from one to the next.

    cuts : first day of each, and the day after its last.
    """
    found, free = [], date.min
    for day, beyond in cuts:
        found.append(day >= free)
        free = max(beyond, day.replace(year=day.year + 1)) if found[-1] else free
    return found
