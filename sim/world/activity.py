"""Everything a plan may see of a book beyond its bookings: flows by date, counts, KPIs, and who holds the seat."""

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.kernel import kernel
from sim.records import NEVER, Activity, Bridge, CohortTerms, Days, FloatPW, IntP
from sim.world.kpi import read_kpis
from sim.world.laws import Loadings, Times
from sim.world.renewal import Held, Path
from sim.world.scales import SCALED, Kpis
from sim.world.segment import Segment
from sim.world.streams import NOTICE, ONBOARDING, Key, numbered_uniforms, uniforms
from sim.world.team import Seat
from sim.world.ways import follow

# rows of the flows and numbers that the kernel counts
UPLIFT_BOOKED, CONTRACTION_BOOKED, CONTRACTION_NOTICE, CHURN_NOTICE, RENEWALS, LONGER, LONGER_ARR = (
    0,
    1,
    2,
    3,
    4,
    5,
    6,
)
CHURNED, LAPSED, WON_BACK, JOINED = 7, 8, 9, 10
ROWS = 11
MULTI_YEAR_MONTHS = 24


def make_activity(
    held: Held,
    segments: tuple[Segment, ...],
    terms: tuple[int, ...],
    kpis: Kpis,
    key: Key,
    first_world: int,
    path: Path,
    bridge: Bridge,
    seat: Seat,
    load: Loadings,
    times: Times,
    calendar: Calendar,
    with_kpis: bool,
    cohorts: tuple[CohortTerms, ...],
) -> Activity:
    """The activity of one book over the horizon, [period, world].

    Churn and contraction are placed when due, when booked (contraction), or at the customer's notice: a uniform number
    of days, up to the segment's ``notice_days``, before the due day.

    Source: uniform notice (assumption).
    """
    worlds = path.expansion.shape[1]
    rows = np.zeros((ROWS, calendar.span, worlds))
    notice = _notice(held, segments, key, first_world, path)
    months = np.array([*terms, 0], dtype=np.int64)  # the last stands for "no term", index -1
    count_events(held, path, notice, months, times, rows)
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    inside = rows[:, horizon]
    flow = {
        "new": {"due": bridge.new, "booking": bridge.new},
        "expansion": {"due": bridge.expansion, "booking": bridge.expansion},
        "uplift": {"due": bridge.uplift, "booking": inside[UPLIFT_BOOKED]},
        "contraction": {
            "due": bridge.contraction,
            "booking": inside[CONTRACTION_BOOKED],
            "notice": inside[CONTRACTION_NOTICE],
        },
        "churn": {"due": bridge.churn, "booking": bridge.churn, "notice": inside[CHURN_NOTICE]},
        "lapsed": {"due": bridge.lapsed, "booking": bridge.lapsed},
        "won_back": {"due": bridge.won_back, "booking": bridge.won_back},
    }
    number = {
        "accounts": _accounts(held, rows)[horizon],
        "new": inside[JOINED],
        "churn": inside[CHURNED],
        "lapsed": inside[LAPSED],
        "won_back": inside[WON_BACK],
        "expansion": path.expansions[horizon],
        "renewal": inside[RENEWALS],
        "multi_year": inside[LONGER],
    }
    kpi = _kpis(held, kpis, key, first_world, path, load, times, horizon) if with_kpis else {}
    if with_kpis:
        kpi["onboarding"] = _onboarding(held, segments, key, first_world, worlds, calendar)
    held_by = (seat.filled[horizon], seat.tenure[horizon])
    followed = follow(held, path, notice, seat.tenure, times, calendar, cohorts)
    return Activity(bridge.opening, flow, number, inside[LONGER_ARR], kpi, *held_by, followed)


def _notice(held: Held, segments: tuple[Segment, ...], key: Key, first_world: int, path: Path) -> Days:
    """Days of notice of each renewal. [renewal, world] [day]"""
    worlds = np.arange(first_world, first_world + path.arr.shape[1], dtype=np.uint64)
    longest = np.array([segment.notice_days for segment in segments])[held.segment]
    slots = np.diff(held.slot)
    days = np.zeros(path.due_day.shape, dtype=np.int32)
    for number in range(int(slots.max(initial=0))):
        mine = np.flatnonzero(slots > number)
        which = held.number[mine] + np.int32(number)
        share = numbered_uniforms(key, NOTICE, which, held.identity[mine], worlds)[0]
        days[held.slot[mine] + number] = (share * longest[mine, None]).astype(np.int32)
    return days


@kernel
def count_events(held: Held, path: Path, notice: Days, months: IntP, times: Times, out: FloatPW) -> None:
    """Add the events of every renewal and arrival to their rows, [row, due period, world]; each world its own column."""
    last, span = len(times.period) - 1, out.shape[1]
    worlds = path.arr.shape[1]
    step, joining = 1 if held.term.shape[1] > 1 else 0, 1 if held.active.shape[1] > 1 else 0
    for a in range(len(held.identity)):
        for world in range(worlds):
            active = held.active[a, world * joining]
            if held.arrival[a] and active < span:
                out[JOINED, active, world] += 1.0
        for row in range(held.slot[a], held.slot[a + 1]):
            for world in range(worlds):
                day = path.due_day[row, world]
                if day == NEVER:
                    continue
                before, after = path.arr[row, world], path.booked_arr[row, world]
                due = times.period[min(max(day - times.first, 0), last)]
                told = times.period[min(max(day - notice[row, world] - times.first, 0), last)]
                booked_day = path.booked_day[row, world]
                if booked_day == NEVER:
                    out[CHURNED, due, world] += 1.0
                    if 0 <= told < span:
                        out[CHURN_NOTICE, told, world] += before
                    continue
                booked = times.period[min(max(booked_day - times.first, 0), last)]
                if booked > due:
                    out[LAPSED, due, world] += 1.0
                if 0 <= told < span:
                    out[CONTRACTION_NOTICE, told, world] += max(before - after, 0.0)
                if 0 <= booked < span:
                    out[WON_BACK, booked, world] += 1.0 if booked > due else 0.0
                    out[UPLIFT_BOOKED, booked, world] += max(after - before, 0.0)
                    out[CONTRACTION_BOOKED, booked, world] += max(before - after, 0.0)
                    out[RENEWALS, booked, world] += 1.0
                    signed = months[path.term[row, world]]
                    first = row == held.slot[a]
                    held_months = (
                        months[held.term[a, world * step]] if first else months[path.term[row - 1, world]]
                    )
                    longer = signed >= MULTI_YEAR_MONTHS and signed > held_months
                    out[LONGER, booked, world] += 1.0 if longer else 0.0
                    out[LONGER_ARR, booked, world] += after if longer else 0.0


def _accounts(held: Held, rows: FloatPW) -> FloatPW:
    """Accounts that are customers at the start of each due period: those the study met, and all that came less all that
    went before it. [due period, world]
    """
    net = rows[JOINED] + rows[WON_BACK] - rows[CHURNED] - rows[LAPSED]
    before = np.concatenate([np.zeros((1, net.shape[1])), np.cumsum(net, axis=0)[:-1]])
    return before + float((~held.arrival).sum())


def _kpis(
    held: Held,
    kpis: Kpis,
    key: Key,
    first_world: int,
    path: Path,
    load: Loadings,
    times: Times,
    horizon: slice,
) -> dict[str, FloatPW]:
    """Mean reading over the accounts of the book; the middle of the scale when there are none. [period, world]"""
    worlds, span = path.arr.shape[1], times.span
    sums, accounts = np.zeros((len(SCALED), span, worlds)), np.zeros((span, worlds))
    start = np.broadcast_to(held.active, (len(held.identity), worlds)).astype(np.int32)
    end = _last_period(held, path, times)
    scales = kpis.scales()
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
        kpis.correlations(),
        scales,
        sums,
        accounts,
    )
    middle = scales[:, scales.shape[1] // 2, None, None]
    mean = np.where(accounts > 0.0, sums / np.maximum(accounts, 1.0), middle)
    return {name: mean[index, horizon] for index, name in enumerate(SCALED)}


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
