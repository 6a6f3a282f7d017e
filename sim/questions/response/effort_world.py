"""The worlds of a scenario whose CSMs work harder or less hard on some tasks, on the same keyed draws."""

from collections.abc import Iterable, Sequence
from math import exp, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.study import Study
from sim.errors import InputError, Problem
from sim.fiscal_year import MONTHS_PER_YEAR
from sim.measure.response.effort import TASKS
from sim.plan.measures import MEASURES
from sim.plan.plan import Plan
from sim.world.arr import ListedArr
from sim.world.book import make_book
from sim.world.scenario import Scenario
from sim.world.segment import LagBand, LognormalSize, NewAccounts, Segment
from sim.world.shift import Shift, shift_each, shift_odds

Floats = NDArray[np.float64]

SAVE, ON_TIME, EARLY, LATE, EXPAND, UNPAID, GROW, ONBOARD, KPI = range(len(TASKS))
BESIDE_RENEWALS = (GROW, ONBOARD, KPI)
"""Tasks that change no single renewal."""
DAYS_PER_MONTH = 30
HIGHEST = log(1e6)
"""Log odds a unit of effort can have at most."""


class Odds(NamedTuple):
    """Shares of a segment's kept renewals booked early, late and larger, and of its lost ones that return. [share]"""

    early: float
    late: float
    returning: float
    larger: float


def is_early(band: LagBand, period_months: int) -> bool:
    """Whether most of a band is booked in an earlier period: it lies more than half a period ahead (assumption)."""
    return sum(band.days) / 2 < -DAYS_PER_MONTH * period_months / 2


def odds_of(segment: Segment, period_months: int) -> Odds:
    """The odds that effort works on."""
    early = sum(band.share for band in segment.lag if is_early(band, period_months))
    late = sum(band.share for band in segment.lag if sum(band.days) / 2 > 0)
    return Odds(early, late, sum(tier.probability for tier in segment.win_back), segment.uplift.probability)


def scope_of(segment: Segment, period_months: int, paid_for: Iterable[int] = ()) -> NDArray[np.bool_]:
    """Tasks that can change an outcome in this segment, and unpaid work; those beside renewals only where some plan of the
    study pays for them. [task]
    """
    odds, asked = odds_of(segment, period_months), set(paid_for)
    inside = np.ones(len(TASKS), dtype=np.bool_)
    inside[ON_TIME], inside[EARLY] = 0.0 < odds.late < 1.0, 0.0 < odds.early < 1.0
    inside[LATE] = 0.0 < odds.returning < 1.0
    inside[EXPAND] = 0.0 < segment.uplift.probability < 1.0
    inside[GROW] = GROW in asked and bool(np.any(np.asarray(segment.expansion.events_per_year) > 0.0))
    inside[ONBOARD] = ONBOARD in asked and bool(np.any(np.asarray(segment.new_accounts.per_year) > 0.0))
    inside[KPI] = KPI in asked
    return inside


def paid_beside_renewals(plans: Iterable[Plan]) -> tuple[int, ...]:
    """The tasks beside renewals that some of these plans pays for."""
    found: set[int] = set()
    for plan in plans:
        found |= {ONBOARD} if "kpi:onboarding" in plan.reads else set()
        found |= (
            {KPI}
            if any(each.startswith("kpi:") and each != "kpi:onboarding" for each in plan.reads)
            else set()
        )
        for component in plan.component:
            measure = MEASURES[component.team_measure or component.measure]
            types = {kind for row in component.deals for kind in row.types}
            grows = "expansion" in measure.dates if not component.deals else "expansion" in types
            found |= {GROW} if grows or ("expansions" in measure.history and not component.deals) else set()
    return tuple(sorted(found))


def mean_days(segment: Segment) -> tuple[int, int]:
    """Mean days late of late bookings, and of accounts that return; 30 and 60 where there are none. [day]"""
    late = [(sum(band.days) / 2, band.share) for band in segment.lag if sum(band.days) / 2 > 0]
    returning = [(sum(tier.days) / 2, tier.probability) for tier in segment.win_back]
    return _mean(late, 30), _mean(returning, 60)


def mean_uplift(segment: Segment) -> float:
    """Mean growth of the renewals that grow, over their ARR. [share]"""
    size = segment.uplift.size
    return size.mean if isinstance(size, LognormalSize) else (size.low + size.high) / 2


def strengths(save: float, others: float) -> Floats:
    """Log odds per unit of effort on each task: of saving, and ``others`` times that of every other task. [task]"""
    log_odds = np.full(len(TASKS), save * others)
    log_odds[SAVE] = save
    return log_odds


class Worked(NamedTuple):
    """A scenario whose CSMs work otherwise.

    scenario : with timing, returns, uplifts and onboarding shifted.
    shifts   : of churn and expansion between renewals, by segment.
    lift     : of the health that KPIs read, by segment. [segment] [standard deviation]
    """

    scenario: Scenario
    shifts: dict[str, Shift]
    lift: tuple[float, ...]


def with_effort(scenario: Scenario, effort: Floats, strength: Floats) -> Worked:
    """The scenario at some efforts, where 1 leaves everything as it is. effort : [segment, task]; strength : log odds per
    unit of effort. [task]

    Source: logit P = eta + gamma (e - 1), METHOD.md.
    """
    return with_log_odds(scenario, strength * (effort - 1.0))


def with_log_odds(scenario: Scenario, log_odds: Floats) -> Worked:
    """The scenario with the odds of what CSMs work on shifted: the logarithm of the rate of expansion between renewals, less
    that of the days that onboarding takes, and standard deviations of what KPIs read. [segment, task]

    KPIs rise and customers stay as they are (assumption: that work shows in the reading is known, that it keeps them is
    not).
    """

    def working(one: Scenario) -> Scenario:
        pairs = zip(one.segment, log_odds, strict=True)
        return one.with_(segment=tuple(_retimed(law, at, one.period_months) for law, at in pairs))

    names = [segment.name for segment in scenario.segment]
    shifts = {
        name: Shift(churn=-float(at[SAVE]), expansion=float(at[GROW]))
        for name, at in zip(names, log_odds, strict=True)
    }
    return Worked(scenario.in_each(working), shifts, tuple(log_odds[:, KPI].tolist()))


def churn_at_stake(scenario: Scenario) -> tuple[Floats, Floats]:
    """Odds of churn, and the ARR a year that comes due at these odds, by segment and term (by account of a CRM export).

    Source: the scenario's means; a contract of m months comes due 12 / m times a year.
    """
    if scenario.book.file is not None:
        return _churn_of_export(scenario)
    churn, arr = [], []
    for segment in scenario.segment:
        held = segment.arr
        assert held is not None  # or the scenario could not be drawn
        if isinstance(held, ListedArr):
            book = sum(size.arr * size.accounts for size in held.listed)
        else:
            book = held.mean * held.accounts
        for months, part in segment.term_months.items():
            churn.append(segment.churn.by_term.get(months, segment.churn.probability))
            arr.append((segment.csms or 0) * book * part * MONTHS_PER_YEAR / int(months))
    return np.array(churn), np.array(arr)


def _churn_of_export(scenario: Scenario) -> tuple[Floats, Floats]:
    book = make_book(scenario)
    old = ~book.arrival
    months = book.given["term_months"][old]
    laws = [scenario.segment[index].churn for index in book.segment[old]]
    by_term = (
        law.by_term.get(str(int(term)), law.probability) for law, term in zip(laws, months, strict=True)
    )
    churn = np.array(list(by_term))
    given = book.given.get("churn_probability", np.full(len(old), np.nan))[old]
    return np.where(np.isnan(given), churn, given), book.given["arr"][old] * MONTHS_PER_YEAR / months


def strength_for(churn: Floats, arr: Floats, points: float) -> float | None:
    """Log odds per unit of effort at which no effort to save costs ``points`` of gross retention.

    churn, arr : odds of churn, and ARR that comes due at these odds. Both [account or group] [share], [usd/yr]
    None where so many points cannot be lost.
    """
    from scipy.optimize import elementwise

    if points >= most_points(churn, arr):
        return None
    found = elementwise.find_root(lambda strength: _lost(churn, arr, strength) - points, (0.0, HIGHEST))
    return float(found.x)


def most_points(churn: Floats, arr: Floats) -> float:
    """Points of gross retention that can be lost at all. [percentage points]"""
    return float(_lost(churn, arr, np.array(HIGHEST))) if arr.sum() > 0.0 else 0.0


def strength_by_points(study: Study, asked: Sequence[float]) -> dict[float, float]:
    """Log odds per unit of effort on saving, for each value of ``points`` that is asked.

    Raises: InputError when so many points cannot be lost.
    """
    churn, arr = churn_at_stake(study.scenario)
    by_points = {}
    for points in asked:
        strength = strength_for(churn, arr, points)
        if strength is None:
            allowed = "points of gross retention that can be lost"
            raise InputError([Problem(f"{study.path}: response.points", allowed, f"{points:g}")])
        by_points[points] = strength
    return by_points


def moved(strength: Floats, effort: Floats) -> bytes:
    """What efforts change in the worlds, log odds to six decimals: equal for equal worlds. Unpaid work changes none."""
    odds = np.round(strength * (effort - 1.0), 6) + 0.0
    odds[..., UNPAID] = 0.0
    return odds.tobytes()


def _lost(churn: Floats, arr: Floats, log_odds: Floats) -> Floats:
    """Points of gross retention lost at each of several log odds. [percentage points]"""
    lost = shift_each(churn, log_odds[..., np.newaxis]) - churn
    return np.asarray(100.0 * np.average(lost, weights=arr, axis=-1))


def _retimed(segment: Segment, log_odds: Floats, period_months: int) -> Segment:
    """The segment, or its stack of draws, with timing, returns and uplifts shifted."""
    if not log_odds.any():
        return segment
    odds = odds_of(segment, period_months)
    early = shift_odds(odds.early, float(log_odds[EARLY]))
    late = shift_odds(odds.late, -float(log_odds[ON_TIME]))
    scale = np.maximum(early + late, 1.0)
    early, late = early / scale, late / scale
    factors = {
        "early": _over(early, odds.early),
        "late": _over(late, odds.late),
        "rest": _over(1.0 - early - late, 1.0 - odds.early - odds.late),
    }
    lag = tuple(
        band.model_copy(update={"share": band.share * factors[_kind(band, period_months)]})
        for band in segment.lag
    )
    total = sum(band.share for band in lag)
    lag = tuple(band.model_copy(update={"share": band.share / total}) for band in lag)
    back = _over(shift_odds(odds.returning, float(log_odds[LATE])), odds.returning)
    tiers = tuple(
        tier.model_copy(update={"probability": tier.probability * back}) for tier in segment.win_back
    )
    raised = shift_odds(segment.uplift.probability, float(log_odds[EXPAND]))
    raised = np.minimum(raised, 1.0 - segment.contraction.probability)
    uplift = segment.uplift.model_copy(update={"probability": raised})
    update: dict[str, Any] = {"lag": lag, "win_back": tiers, "uplift": uplift}
    if log_odds[ONBOARD]:
        update["new_accounts"] = _onboarded(segment, float(log_odds[ONBOARD]))
    return segment.model_copy(update=update)


def _onboarded(segment: Segment, log_speed: float) -> NewAccounts:
    """New accounts that reach their milestones sooner."""
    joining, law = segment.new_accounts, segment.new_accounts.onboarding
    faster = law.model_copy(update={"mean_days": law.mean_days * exp(-log_speed)})
    return joining.model_copy(update={"onboarding": faster})


def _over(part: Any, whole: Any) -> Any:
    """One number, or array, over another; 1 where there is nothing."""
    some = np.asarray(whole) > 0.0
    return np.where(some, part / np.where(some, whole, 1.0), 1.0)[()]


def _kind(band: LagBand, period_months: int) -> str:
    if is_early(band, period_months):
        return "early"
    return "late" if sum(band.days) / 2 > 0 else "rest"


def _mean(weighted: list[tuple[float, float]], otherwise: int) -> int:
    total = sum(weight for _, weight in weighted)
    return round(sum(days * weight for days, weight in weighted) / total) if total > 0.0 else otherwise
