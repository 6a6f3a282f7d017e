"""Everything a plan may see of a book beyond its bookings: flows by date, counts, KPIs, and who holds the seat."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.records import NEVER, Activity, Bridge, CohortTerms, Days, DealTerms, FloatPW, FloatRW, IntP
from sim.world.book_events import (
    CHURNED,
    LAPSED,
    LONGER_ARR,
    WON_BACK,
    count_book_events,
    flows_of,
    numbers_of,
)
from sim.world.deals import sum_deals
from sim.world.followed import follow
from sim.world.kpi import read_kpis
from sim.world.laws import Loadings, Times
from sim.world.parameters import Parameters
from sim.world.renewal import Held, Path
from sim.world.scales import SCALED, Kpis
from sim.world.scenario import Billing
from sim.world.segment import Segment
from sim.world.streams import NOTICE, ONBOARDING, Key, key_of_own, numbered_uniforms, uniforms
from sim.world.team import Seat

MULTI_YEAR_MONTHS = 24


def make_activity(
    held: Held,
    customer: IntP,
    segments: tuple[Segment, ...],
    terms: tuple[int, ...],
    scales: Kpis,
    key: Key,
    first_world: int,
    path: Path,
    bridge: Bridge,
    seat: Seat,
    billing: Billing,
    parameters: Parameters,
    times: Times,
    calendar: Calendar,
    kpis: tuple[str, ...],
    cohorts: tuple[CohortTerms, ...],
    deals: tuple[DealTerms, ...],
) -> Activity:
    """The activity of one book over the horizon, [period, world].

    customer : the first account of the customer of each. [account]

    Churn and contraction are placed when due, when booked (contraction), or at the customer's notice: a uniform number
    of days, up to the segment's ``notice_days``, before the due day.

    Source: uniform notice (assumption).
    """
    worlds = path.expansion.shape[1]
    notice = notice_days(held, parameters.notice, key, first_world, path)
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    scaled = [name for name in SCALED if name in kpis]
    kpi = (
        _kpis(held, scales, scaled, key, first_world, path, parameters.load, times, horizon) if scaled else {}
    )
    for name in scales.own:
        if name in kpis:
            kpi |= _kpis(held, scales, [name], key, first_world, path, parameters.load, times, horizon)
    if "onboarding" in kpis:
        kpi["onboarding"] = _onboarding(held, segments, key, first_world, worlds, calendar)
    lived = (path, notice, bridge, seat)
    return activity_of(held, customer, terms, *lived, billing, times, calendar, cohorts, deals)._replace(
        kpi=kpi
    )


def activity_of(
    held: Held,
    customer: IntP,
    terms: tuple[int, ...],
    path: Path,
    notice: Days,
    bridge: Bridge,
    seat: Seat,
    billing: Billing,
    times: Times,
    calendar: Calendar,
    cohorts: tuple[CohortTerms, ...],
    deals: tuple[DealTerms, ...],
) -> Activity:
    """The same without KPIs: what follows from the bookings alone. notice : of each renewal. [renewal, world] [day]"""
    worlds = path.expansion.shape[1]
    renewals = (path.due_day, path.booked_day, path.arr, path.booked_arr)
    events = count_book_events(renewals, path.due_day - notice, _longer(held, path, terms), calendar)
    joined = np.zeros((calendar.span + 1, worlds))
    for account in np.flatnonzero(held.arrival):
        joined[held.active[account], np.arange(worlds)] += 1.0
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    inside, accounts = events[:, horizon], _accounts(held, events, joined[:-1])
    flow = flows_of(bridge, inside)
    number = numbers_of(inside, accounts[horizon], joined[horizon], path.expansions[horizon])
    held_by = (seat.filled[horizon], seat.tenure[horizon])
    followed = follow(held, customer, path, notice, seat.tenure, times, calendar, cohorts)
    summed = sum_deals(held, path, notice, terms, billing, times, calendar, deals)
    return Activity(bridge.opening, flow, number, inside[LONGER_ARR], {}, *held_by, followed, summed)


def notice_days(held: Held, longest: NDArray[np.int64], key: Key, first_world: int, path: Path) -> Days:
    """Days of notice of each renewal. [renewal, world] [day] longest : [segment, world] [day]"""
    worlds = np.arange(first_world, first_world + path.arr.shape[1], dtype=np.uint64)
    slots = np.diff(held.slot)
    days = np.zeros(path.due_day.shape, dtype=np.int32)
    for number in range(int(slots.max(initial=0))):
        mine = np.flatnonzero(slots > number)
        which = held.number[mine] + np.int32(number)
        share = numbered_uniforms(key, NOTICE, which, held.identity[mine], worlds)[0]
        days[held.slot[mine] + number] = (share * longest[held.segment[mine]]).astype(np.int32)
    return days


def _longer(held: Held, path: Path, terms: tuple[int, ...]) -> FloatRW:
    """1 where a longer term is signed than the one held, of ``MULTI_YEAR_MONTHS`` or more. [renewal, world] [count]"""
    months = np.array([*terms, 0], dtype=np.int64)  # the last stands for "no term", index -1
    signed = months[path.term]
    before = np.empty_like(signed)
    before[1:] = signed[:-1]
    some = np.flatnonzero(np.diff(held.slot) > 0)
    before[held.slot[some]] = months[held.term[some]]
    return ((signed >= MULTI_YEAR_MONTHS) & (signed > before)).astype(np.float64)


def _accounts(held: Held, rows: FloatPW, joined: FloatPW) -> FloatPW:
    """Accounts that are customers at the start of each due period: those the study met, and all that came less all that
    went before it. [due period, world]
    """
    net = joined + rows[WON_BACK] - rows[CHURNED] - rows[LAPSED]
    before = np.concatenate([np.zeros((1, net.shape[1])), np.cumsum(net, axis=0)[:-1]])
    return before + float((~held.arrival).sum())


def _kpis(
    held: Held,
    kpis: Kpis,
    names: Sequence[str],
    key: Key,
    first_world: int,
    path: Path,
    load: Loadings,
    times: Times,
    horizon: slice,
) -> dict[str, FloatPW]:
    """Readings of shipped KPIs together, which share a word of noise, or of one that is the company's own, which has a key.

    Mean reading over the accounts of the book; the middle of the scale when there are none. [period, world]
    """
    worlds, span = path.arr.shape[1], times.span
    sums, accounts = np.zeros((len(names), span, worlds)), np.zeros((span, worlds))
    start = np.broadcast_to(held.active, (len(held.identity), worlds)).astype(np.int32)
    end = _last_period(held, path, times)
    scales = kpis.scales(names)
    read_kpis(
        *key,
        np.uint64(first_world),
        held.identity,
        held.slot,
        np.broadcast_to(held.number, (len(held.identity), worlds)).astype(np.int32),
        held.health,
        path.due_day,
        start,
        end,
        horizon.stop + 1,
        load,
        times,
        np.array([SCALED.index(name) if name in SCALED else 0 for name in names]),
        kpis.correlations(names),
        scales,
        *(key if names[0] in SCALED else key_of_own(key, names[0])),
        sums,
        accounts,
    )
    middle = scales[:, scales.shape[1] // 2, None, None]
    mean = np.where(accounts > 0.0, sums / np.maximum(accounts, 1.0), middle)
    return {name: mean[index, horizon] for index, name in enumerate(names)}


def _last_period(held: Held, path: Path, times: Times) -> NDArray[np.int32]:
    """Due period in which an account is lost for good; ``span`` when it is not. [account, world]"""
    worlds = path.arr.shape[1]
    end = np.full((len(held.identity), worlds), times.span, dtype=np.int32)
    account = np.repeat(np.arange(len(held.identity)), np.diff(held.slot))
    lost = (path.due_day != NEVER) & (path.booked_day == NEVER)
    rows, columns = np.nonzero(lost)
    days = np.clip(path.due_day[rows, columns] - times.first, 0, len(times.period) - 1)
    end[account[rows], columns] = times.period[days]
    return end


def _onboarding(
    held: Held,
    segments: tuple[Segment, ...],
    key: Key,
    first_world: int,
    worlds: int,
    calendar: Calendar,
) -> FloatPW:
    """Share of the accounts that joined in the period which reach their milestones in time; 1 when none joined.

    Source: lognormal days to onboard (assumption). [period, world]
    """
    from scipy.special import ndtri

    joined, on_time = np.zeros((calendar.span + 1, worlds)), np.zeros((calendar.span + 1, worlds))
    ids = np.arange(first_world, first_world + worlds, dtype=np.uint64)
    new = np.flatnonzero(held.arrival)
    share = uniforms(key, ONBOARDING, 0, held.identity[new], ids)[0].astype(np.float64)
    for place, a in enumerate(new):
        law = segments[held.segment[a]].new_accounts.onboarding
        days = law.mean_days * np.exp(law.sigma * ndtri(share[place]) - law.sigma**2 / 2)
        period, column = held.active[a], np.arange(worlds)
        joined[period, column] += 1.0
        on_time[period, column] += days <= law.target_days
    ratio = np.where(joined > 0.0, on_time / np.maximum(joined, 1.0), 1.0)
    return ratio[calendar.lead : calendar.lead + calendar.periods]
