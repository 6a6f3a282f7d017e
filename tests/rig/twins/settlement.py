"""The plan in exact arithmetic, deal by deal, straight from the rulings. It knows no cells, bands or kernels.

Numbers of a plan are read as the decimals a person wrote: 0.9 is 9/10.
"""

from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

EARLY, LATE, ON_TIME = "early", "late", "on_time"


def exact(number):
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


class Line(NamedTuple):
    """A booked deal as a plan sees it: where it was due and is credited, as what, at what multiplier."""

    due: int
    credited: int
    side: str
    multiplier: Fraction
    amount: Fraction


def period_of(calendar, day):
    """Due period of a day; -1 for all days before the edges, ``span`` for all days after them."""
    return sum(day >= bound for bound in calendar.bounds.tolist()) - 1


def settle_exactly(plan, calendar, deals):
    """Every field of the Statement, as a list by period."""
    component = plan.component[0]
    lines = [line for deal in deals if (line := line_of(component.crediting, calendar, deal)) is not None]
    base = base_quotas(component.quota, calendar, deals)
    credited, granted = grant_early(component, calendar, lines, base)
    base = ratcheted_quotas(component.quota, calendar, credited, base)
    horizon = range(calendar.lead, calendar.lead + calendar.periods)
    periods = [
        period_statement(plan, calendar, deals, lines, base, credited, granted, period) for period in horizon
    ]
    return {field: [each[field] for each in periods] for field in periods[0]}


def line_of(crediting, calendar, deal):
    if deal.booked is None or not 0 <= period_of(calendar, deal.due) < calendar.span:
        return None
    day = deal.credit_day("booking" if crediting.date == "due" else crediting.date)
    if day is None:
        return None
    due, booked = period_of(calendar, deal.due), period_of(calendar, deal.booked)
    credited = due if crediting.date == "due" else period_of(calendar, day)
    days_late = deal.booked - deal.due
    if booked < due:
        side, multiplier = EARLY, early_multiplier(crediting, -days_late)
    elif days_late <= 0:
        side, multiplier = ON_TIME, Fraction(1)
    elif days_late <= crediting.late_window_days:
        side, multiplier = LATE, late_multiplier(crediting, days_late)
    else:
        return None
    amount = exact(deal.amount)
    counted = amount if crediting.deal_cap is None else min(amount, exact(crediting.deal_cap))
    return Line(due, credited, side, multiplier, counted)


def early_multiplier(crediting, days):
    if crediting.early_bands is None:
        return Fraction(1) if crediting.early_multiplier is None else exact(crediting.early_multiplier)
    for band in crediting.early_bands:
        if days <= band.through_day:
            return exact(band.multiplier)
    return exact(crediting.early_bands[-1].multiplier)


def late_multiplier(crediting, days):
    if crediting.late_bands is None:
        return Fraction(1) if crediting.late_multiplier is None else exact(crediting.late_multiplier)
    for band in crediting.late_bands:
        if days <= band.through_day:
            return exact(band.multiplier)
    return Fraction(0)


def base_quotas(quota, calendar, deals, own=None):
    """By due period. own : what is agreed with a person, of a quota that asks for it."""
    if quota.kind in ("fixed", "person"):
        return asked_amounts(quota, calendar, own)[: calendar.span]
    due = [Fraction(0)] * calendar.span
    for deal in deals:
        if 0 <= period_of(calendar, deal.due) < calendar.span:
            due[period_of(calendar, deal.due)] += exact(deal.arr)
    return [exact(quota.rate) * each for each in due]


def asked_amounts(quota, calendar, own=None):
    """By due period and those of a year after them. own : (usd, of the year) by period."""
    year = 12 // calendar.months_per_period
    places = [(period - calendar.lead) % year for period in range(calendar.span + year)]
    if quota.kind == "person":
        season = quota.seasonality or (0.5, 0.5)
        return [
            usd + of_year * of_season(season, calendar, place)
            for place, (usd, of_year) in zip(places, own, strict=True)
        ]
    if quota.amounts is not None:
        return [of_season(quota.amounts, calendar, place) for place in places]
    return [a_period(quota, calendar) * exact(quota.amount)] * len(places)


def of_season(parts, calendar, place):
    """Amounts of the parts of a year, month by month, as that of a period."""
    months = 12 // len(parts)
    first = place * calendar.months_per_period
    return sum(exact(parts[m // months]) / months for m in range(first, first + calendar.months_per_period))


def a_period(quota, calendar):
    """The part of what is asked that is asked in one period."""
    return Fraction(calendar.months_per_period, 12) if quota.over == "year" else Fraction(1)


def ratcheted_quotas(quota, calendar, credited, base):
    """By due period: those of the horizon as what was achieved before has moved them, q' = q + lambda (y - q)."""
    up, down = (exact(each) for each in quota.ratchets)
    asked, share = list(base), Fraction(1)
    for period in range(calendar.lead, calendar.lead + calendar.periods):
        asked[period] = share * base[period]
        if base[period] > 0:
            reached = sum(credit for each, _, _, credit in credited if each == period)
            over = (reached - asked[period]) / base[period]
            share += (up if over > 0 else down) * over
    return asked


def grant_early(component, calendar, lines, base):
    """What is credited: [(period, side, amount, credit)], and the granted early amounts [(due, credited, amount)]."""
    crediting, moves = component.crediting, component.quota_moves
    credited, granted = [], []
    ahead = defaultdict(list)
    for line in lines:
        if line.side == EARLY and line.credited < line.due:
            ahead[line.credited].append(line)
        else:
            credited.append((line.credited, line.side, line.amount, line.amount * line.multiplier))
    for period in sorted(ahead):
        total = sum(line.amount for line in ahead[period])
        share = Fraction(1)
        if crediting.early_cap is not None and period >= 0:
            cap_base = base[period]
            if crediting.early_cap_base == "adjusted" and period >= calendar.lead:
                taken = sum(amount for due, _, amount in granted if due == period)
                cap_base -= exact(moves.early_out_of_due) * taken
            limit = exact(crediting.early_cap) * max(cap_base, Fraction(0))
            if total > limit:
                share = limit / total
        for line in ahead[period]:
            now, waiting = share * line.amount, (1 - share) * line.amount
            granted.append((line.due, period, now))
            credited.append((period, EARLY, now, now * line.multiplier))
            credited.append((line.due, EARLY, waiting, waiting))
    return credited, granted


def period_statement(plan, calendar, deals, lines, base, credited, granted, period):
    component = plan.component[0]
    quota = quota_of(component, calendar, deals, lines, granted, base[period], period)
    renewed = {side: sum(a for p, s, a, _ in credited if (p, s) == (period, side)) for side in SIDES}
    credit = {side: sum(c for p, s, _, c in credited if (p, s) == (period, side)) for side in SIDES}
    total = sum(credit.values())
    if quota > 0:
        attainment = total / quota
    elif base[period] > 0:
        attainment = 1 + (total - quota) / base[period]
    else:
        attainment = Fraction(1)
    target = exact(plan.target_bonus(calendar)) * exact(component.weight)
    return {
        "base_quota": base[period],
        "quota": quota,
        **{f"renewed_{side}": renewed[side] for side in SIDES},
        **{f"credit_{side}": credit[side] for side in SIDES},
        "credit": total,
        "attainment": attainment,
        "bonus": target * multiple_of(component.curve, attainment),
        "quota_exhausted": quota <= 0,
    }


SIDES = (EARLY, LATE, ON_TIME)


def quota_of(component, calendar, deals, lines, granted, base, period):
    moves = component.quota_moves
    if component.crediting.date == "due":
        return base
    late = [line for line in lines if line.side == LATE and line.credited > line.due]
    early_out = sum(amount for due, _, amount in granted if due == period)
    early_in = sum(amount for _, credited, amount in granted if credited == period)
    if moves.carry == "recovered":
        late_out = sum(line.amount for line in late if line.due == period)
        late_in = sum(line.amount for line in late if line.credited == period)
    else:
        late_out, late_in = (unbooked(calendar, deals, each) for each in (period, period - 1))
    quota = (
        base
        - exact(moves.early_out_of_due) * early_out
        + exact(moves.early_into_booked) * early_in
        + exact(moves.late_into_booked) * late_in
        - exact(moves.late_out_of_due) * late_out
    )
    return max(quota, exact(moves.floor) * base)


def unbooked(calendar, deals, period):
    """ARR due in a period of the due axis and not booked by its end."""
    return sum(
        exact(deal.arr)
        for deal in deals
        if period >= 0
        and period_of(calendar, deal.due) == period
        and (deal.booked is None or period_of(calendar, deal.booked) > period)
    )


def multiple_of(curve, attainment):
    for piece in curve:
        left, right = piece.attainment.strip()[1:-1].split(",")
        left, right = Fraction(left.strip()), right.strip()
        above = attainment >= left if piece.attainment.strip()[0] == "[" else attainment > left
        if right == "inf":
            below = True
        elif piece.attainment.strip()[-1] == "]":
            below = attainment <= Fraction(right)
        else:
            below = attainment < Fraction(right)
        if above and below:
            return exact(piece.pays) + exact(piece.slope) * (attainment - left)
    raise AssertionError(f"{attainment} lies in no interval")
