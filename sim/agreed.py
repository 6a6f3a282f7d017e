"""What a people file agrees with a person, day by day, as amounts of periods."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.files.people import OF_A_PERIOD, People, in_short
from sim.fiscal_year import MONTHS_PER_YEAR
from sim.named_periods import Named, names_of
from sim.records import Agreed, FloatP, OwnPay, OwnQuota

Bools = NDArray[np.bool_]
DAY: Final = np.timedelta64(1, "D")


class Stretch(NamedTuple):
    """First day, and the day after the last. [day]"""

    first: float
    beyond: float


ALWAYS: Final = (Stretch(-np.inf, np.inf),)
"""The days of somebody who was there before anything is known, and stays."""


class _Held(NamedTuple):
    """The days on which somebody holds a seat. carried : rows hold between and beyond their days too."""

    days: Sequence[Stretch]
    carried: bool


class _Row(NamedTuple):
    """An entry, and the days on which it holds."""

    entry: int
    days: Stretch


def stints(csm: str, people: People, calendar: Calendar) -> list[Stretch]:
    """When a person holds the seat, in order; rows that follow one another are one stint. Always, where no row has days."""
    found: list[Stretch] = []
    for days in sorted(_in_seat(csm, people, calendar)):
        if found and days.first <= found[-1].beyond:
            found[-1] = found[-1]._replace(beyond=max(found[-1].beyond, days.beyond))
        else:
            found.append(days)
    return found or [*ALWAYS]


def handed_on(held: Sequence[Stretch], vacancy_days: int) -> list[Stretch]:
    """The days on which somebody holds a seat whose holder is known to leave: after so many days without anybody a successor
    does.
    """
    last = held[-1].beyond
    return [*held, *([] if last == np.inf else [Stretch(last + vacancy_days, np.inf)])]


def agreed_of(
    csm: str, people: People, calendar: Calendar, dated: bool, held: Sequence[Stretch] | None = None
) -> Agreed:
    """What is agreed with a person, a row for every change, by the day. [reach]

    A blank cell is as the row before has it, of the same stint. A quota of a month, quarter, half-year or year is asked for
    the days in the seat; one of a period by its name is asked as it stands, of a year in equal parts of the days.

    dated : whether rows say who is in the seat when (a replay); else whoever holds it has done so all along.
    held  : the days on which somebody is, where that is more than the rows say: a successor is on the terms of the last row
            before, a seat that is yet to be taken on those of the first.
    """
    there: Sequence[Stretch] = ALWAYS
    if dated:
        there = stints(csm, people, calendar) if held is None else held
    edges = _edges(calendar)
    present = sum((_days(each, edges) for each in there), start=np.zeros(calendar.reach))
    present = present / np.diff(edges)
    on = _Held(there, held is not None)
    target, salary = _pay(csm, people, calendar, on, present)
    components = dict.fromkeys(people.component[entry] for entry in people.of(csm))
    quota = {}
    for component in components:
        found = _quota(csm, component, people, calendar, on, present)
        if found is not None:
            quota[component] = found
    return Agreed(target, salary, quota, present if dated else None)


def since_of(first: float, calendar: Calendar) -> float | None:
    """Periods from the start of the horizon to a day, counted in days inside its period; None of one that is not known."""
    if first == -np.inf:
        return None
    day = calendar.date(int(first))
    period = int(calendar.position(np.array(day, dtype="datetime64[D]")))
    begins, ends = calendar.first_day(period), calendar.first_day(period + 1)
    return period + (day - begins).days / (ends - begins).days


def unknown_quota(
    own: OwnQuota | None, agreed: Agreed | None, of_year: bool, calendar: Calendar
) -> list[int]:
    """The periods that need a quota of a person and have none, of the horizon and, with a quota of the year, of the rest of
    its last year. Counted from the first of the horizon. [period]
    """
    more = (-(calendar.before + calendar.periods)) % calendar.periods_of_year if of_year else 0
    horizon = slice(calendar.lead, calendar.lead + calendar.periods + more)
    if own is not None:
        missing = np.isnan(own.usd + own.of_year)[horizon]
    else:
        missing = np.ones(calendar.reach, dtype=np.bool_)[horizon]
        if agreed is not None and agreed.present is not None:
            missing &= agreed.present[horizon] > 0.0
    found: list[int] = np.flatnonzero(missing).tolist()
    return found


def _pay(csm: str, people: People, calendar: Calendar, on: _Held, present: FloatP) -> tuple[OwnPay, OwnPay]:
    """Target bonus and salary."""
    edges = _edges(calendar)
    share = calendar.months_per_period / MONTHS_PER_YEAR
    target, salary, known, salaried, nothing = (np.zeros(calendar.reach) for _ in range(5))
    for row, amount in _rows(csm, "", people, calendar, on.carried):
        part = sum((_days(_both(row.days, each), edges) for each in on.days), start=nothing) / np.diff(edges)
        bonus, base = amount["target_bonus"], np.nan
        if not np.isnan(amount["ote"]):
            bonus, base = amount["ote"] * amount["pay_mix"] * share, amount["ote"] * (1.0 - amount["pay_mix"])
        if not np.isnan(bonus):
            target, known = target + bonus * part, known + part
        if not np.isnan(base):
            salary, salaried = salary + base * part, salaried + part
    for entry in people.of(csm):
        if not people.label[entry] or people.component[entry]:
            continue
        named = names_of(calendar).get(in_short(people.label[entry]))
        bonus, ote, mix = (people.amount[name][entry] for name in ("target_bonus", "ote", "pay_mix"))
        for at in () if named is None or named.months < calendar.months_per_period else named.periods:
            if not np.isnan(bonus) or not np.isnan(ote):
                target[at] = (bonus if np.isnan(ote) else ote * mix * share) * present[at]
                known[at] = present[at]
            if not np.isnan(ote):
                salary[at], salaried[at] = ote * (1.0 - mix) * present[at], present[at]
    return _mean(target, known, present), _mean(salary, salaried, present)


def _mean(amount: FloatP, known: FloatP, present: FloatP) -> OwnPay:
    """Amounts of the days on which they are known as those of whole periods in the seat."""
    there = present > 0.0
    whole = np.where(there, present, 1.0)
    plans = np.where(there, 1.0 - np.minimum(known / whole, 1.0), 1.0)
    return OwnPay(np.where(there, amount / whole, 0.0), np.where(plans < 1e-12, 0.0, plans))


def _quota(
    csm: str, component: str, people: People, calendar: Calendar, on: _Held, present: FloatP
) -> OwnQuota | None:
    """What is asked of a component; None where no row says so."""
    edges, months = _edges(calendar), calendar.months_per_period
    usd, of_year, known = (np.zeros(calendar.reach) for _ in range(3))
    said = False
    for row, amount in _rows(csm, component, people, calendar, on.carried):
        quota, length = amount["quota"], int(amount["months"]) or months
        if np.isnan(quota):
            continue
        said = True
        for stint in on.days:
            part = _days(_both(row.days, stint), edges) / np.diff(edges)
            known += part
            if length == MONTHS_PER_YEAR and months < MONTHS_PER_YEAR:
                of_year += quota * part
            else:
                usd += quota * part * (months / length)
    missing = known < present - 1e-12
    usd[missing] = np.nan
    parts = np.zeros(calendar.reach)
    for entry in people.of(csm):
        quota = people.amount["quota"][entry]
        if not people.label[entry] or people.component[entry] != component or np.isnan(quota):
            continue
        named = names_of(calendar).get(in_short(people.label[entry]))
        said = True
        if named is not None:
            _put_named(quota, named, calendar, on.days, (usd, of_year, parts))
    usd[(parts > 0.0) & (parts < 1.0)] = np.nan
    return OwnQuota(usd, of_year) if said else None


def _put_named(
    quota: float,
    named: Named,
    calendar: Calendar,
    there: Sequence[Stretch],
    out: tuple[FloatP, FloatP, FloatP],
) -> None:
    """Put the quota of a part of the year that has a name in the place of what days say of its periods.

    out : usd, of the year, and the part of each period that is told so far. [reach]
    """
    usd, of_year, parts = out
    months, edges = calendar.months_per_period, _edges(calendar)
    for at in named.periods:
        if parts[at] == 0.0:
            usd[at] = of_year[at] = 0.0
        parts[at] += min(named.months / months, 1.0)
        if named.months <= months:
            usd[at] += quota
        elif named.months < MONTHS_PER_YEAR:
            usd[at] += quota * months / named.months
        else:
            number = (calendar.before + at - calendar.lead) // calendar.periods_of_year
            first = number * calendar.periods_of_year - calendar.before
            days = [calendar.day(calendar.first_day(first + more)) for more in (0, calendar.periods_of_year)]
            year = np.array(days, dtype=np.float64)
            held = sum(float(_days(each, year)[0]) for each in there)
            own = sum(float(_days(each, edges[at : at + 2])[0]) for each in there)
            if held == year[1] - year[0]:
                of_year[at] += quota
            else:
                usd[at] += quota * own / held if held else 0.0


def _rows(
    csm: str, component: str, people: People, calendar: Calendar, carried: bool = False
) -> Iterator[tuple[_Row, dict[str, float]]]:
    """The rows about days, in order, each with what holds on them: a blank cell is as in the row before of its stint.

    carried : each holds until the next one, and the first before its days too.
    """
    entries = [e for e in people.of(csm) if not people.label[e] and people.component[e] == component]
    days = [_between(people.first[entry], people.last[entry], calendar) for entry in entries]
    rows = sorted(map(_Row, entries, days), key=lambda row: row.days)
    before: dict[str, float] = {}
    for place, row in enumerate(rows):
        if place + 1 < len(rows):
            row = row._replace(
                days=row.days._replace(beyond=min(row.days.beyond, rows[place + 1].days.first))
            )
        if place and rows[place - 1].days.beyond < row.days.first:
            before = {}
        if carried:
            begins = row.days.first if place else -np.inf
            row = row._replace(
                days=Stretch(begins, rows[place + 1].days.first if place + 1 < len(rows) else np.inf)
            )
        own = {name: float(values[row.entry]) for name, values in people.amount.items()}
        own["months"] = float(people.months[row.entry])
        if not np.isnan(own["target_bonus"]):
            before = before | {"ote": np.nan, "pay_mix": np.nan}
        elif not np.isnan(own["ote"]):
            before = before | {"target_bonus": np.nan}
        if np.isnan(own["quota"]):
            own["months"] = before.get("months", float(OF_A_PERIOD))
        before = {name: before.get(name, value) if np.isnan(value) else value for name, value in own.items()}
        yield row, before


def _in_seat(csm: str, people: People, calendar: Calendar) -> Iterator[Stretch]:
    """The days on which each entry of a person has them in the seat: until the next one, where it does not say."""
    for component in dict.fromkeys(people.component[entry] for entry in people.of(csm)):
        rows = [row for row, _ in _rows(csm, component, people, calendar)]
        for row in rows:
            hired, left = people.hired[row.entry], people.left[row.entry]
            given = _between(hired, left, calendar)
            yield Stretch(
                row.days.first if np.isnat(hired) else min(row.days.first, given.first),
                row.days.beyond if np.isnat(left) else max(row.days.beyond, given.beyond),
            )


def _between(first: np.datetime64, last: np.datetime64, calendar: Calendar) -> Stretch:
    start = np.datetime64(calendar.start, "D")
    return Stretch(
        -np.inf if np.isnat(first) else float((first - start) / DAY),
        np.inf if np.isnat(last) else float((last - start) / DAY) + 1.0,
    )


def _both(one: Stretch, other: Stretch) -> Stretch:
    return Stretch(max(one.first, other.first), min(one.beyond, other.beyond))


def _days(days: Stretch, edges: FloatP) -> FloatP:
    """Days of each period that lie in a stretch. [day]"""
    found: FloatP = np.maximum(np.minimum(edges[1:], days.beyond) - np.maximum(edges[:-1], days.first), 0.0)
    return found


@cache
def _edges(calendar: Calendar) -> FloatP:
    """First day of every due period, of those of a year after them, and of the one after the last. [day]"""
    firsts = [calendar.first_day(period - calendar.lead) for period in range(calendar.reach + 1)]
    return np.array([calendar.day(each) for each in firsts], dtype=np.float64)
