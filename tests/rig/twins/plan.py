"""Plans of several components in exact arithmetic: one world, one period at a time, straight from the rules' wording.

Shares with ``sim.plan`` nothing but the plan as its file declares it. ``book`` and ``company`` are Activities of one
world whose numbers are read as the decimals they print as.
"""

from fractions import Fraction
from math import ceil

from tests.rig.twins.settlement import (
    a_period,
    asked_amounts,
    base_quotas,
    exact,
    grant_early,
    line_of,
    multiple_of,
    period_statement,
    ratcheted_quotas,
)

ZERO, ONE = Fraction(0), Fraction(1)
MONTHS = {
    "period": 1,
    "half_year_to_date": 6,
    "year_to_date": 12,
    "trailing_half_year": 6,
    "trailing_year": 12,
    "every_period": 1,
    "quarterly": 3,
    "half_yearly": 6,
    "annually": 12,
}


class Book:
    """An Activity of one world in fractions."""

    def __init__(self, activity, grace=None):
        self.activity, self.grace = activity, grace

    def flow(self, event, date):
        return self.counted(event, [exact(float(x)) for x in self.activity.flow[event][date][:, 0]])

    def of(self, name):
        return [exact(float(x)) for x in getattr(self.activity, name)[:, 0]]

    def number(self, name):
        return self.counted(name, [exact(float(x)) for x in self.activity.number[name][:, 0]])

    def counted(self, event, amounts):
        """Nothing of a loss that falls in the periods of grace."""
        if self.grace is None or event not in self.grace.events:
            return amounts
        held = [tenure > self.grace.periods for tenure in self.of("tenure")]
        return [amount if counts else ZERO for amount, counts in zip(amounts, held, strict=True)]

    def kpi(self, name):
        return [exact(float(x)) for x in self.activity.kpi[name][:, 0]]


class Own:
    """What is agreed with the person who holds the book, in fractions, by due period and those of a year after them."""

    def __init__(self, agreed, plan, calendar):
        self.agreed, self.plan, self.calendar = agreed, plan, calendar
        self.count = calendar.span + 12 // calendar.months_per_period

    @property
    def targets(self):
        usual = exact(self.plan.target_bonus(self.calendar))
        if self.agreed is None or self.plan.pay.targets == "plan":
            return [usual] * self.count
        own = zip(*self.agreed.target, strict=True)
        return [exact(float(usd)) + exact(float(plans)) * usual for usd, plans in own]

    def days(self, component):
        """Share of each period for which a component on a person's own quota asks and pays."""
        if component.quota.kind != "person" or self.agreed is None or self.agreed.present is None:
            return None
        return [exact(float(x)) for x in self.agreed.present]

    def quota(self, component):
        """(usd, of the year) by period."""
        if component.quota.kind != "person":
            return None
        found = self.agreed.quota.get(component.name) or self.agreed.quota[""]
        usd, of_year = ([exact(float(x)) for x in each] for each in found)
        return list(zip(usd, of_year, strict=True))

    def target_over(self, component, first, count):
        """Of a component (of the plan where None), from a period of the horizon on."""
        days = None if component is None else self.days(component)
        return sum(
            self.targets[self.calendar.lead + t] * (ONE if days is None else days[self.calendar.lead + t])
            for t in range(first, first + count)
        )


def settle_plan_exactly(plan, calendar, deals, book, company, agreed=None):
    """{"component": {name: [pay]}, "measured": {name: [(value, target, attainment)]}, and the plan's lists by period}."""
    book, company, own = Book(book, plan.grace), Book(company), Own(agreed, plan, calendar)
    measured, pay = {}, {}
    for component in plan.component:
        found = readings(plan, component, calendar, deals, book, company, own)
        measured[component.name] = [under_nothing_due(component, *each) for each in found]
        pay[component.name] = to_date_pay(component, calendar, measured[component.name], own, book)
    give_weights_of_skipped(plan, measured, pay)
    names = list(pay)
    for modifier in plan.modifier:
        for name in chosen(modifier, names):
            for t, (_, _, attainment, skipped) in enumerate(measured[modifier.by]):
                pay[name][t] *= ONE if skipped else multiple_of(modifier.curve, max(attainment, ZERO))
    for gate in plan.gate:
        for name in chosen(gate, names):
            for t, (_, _, attainment, skipped) in enumerate(measured[gate.requires]):
                if attainment < exact(gate.attainment) and not skipped:
                    pay[name][t] = ZERO
    for component in plan.component:
        pay[component.name] = trued_up(component, calendar, pay[component.name])
    if plan.seat.vacant == "unpaid":
        for component in plan.component:
            seats, days = book.of("seat"), own.days(component)
            if days is not None:
                present = days[calendar.lead : calendar.lead + calendar.periods]
                seats = [min(a / b, ONE) if b else ZERO for a, b in zip(seats, present, strict=True)]
            pay[component.name] = [
                amount * seat for amount, seat in zip(pay[component.name], seats, strict=True)
            ]
    target = [own.target_over(None, t, 1) for t in range(calendar.periods)]
    for cap in plan.cap:
        apply_cap(plan, cap, calendar, pay, names, own)
    for clawback in plan.clawback:
        for name in chosen(clawback, names):
            pay[name] = take_back(clawback, pay[name], book)
    for table, name in ((plan.guarantee, "guarantee"), (plan.draw, "draw")):
        if table is not None and not (name == "draw" and table.recoverable):
            least = least_of(table, target, book, calendar)
            total = [sum(each) for each in zip(*pay.values(), strict=True)]
            pay[name] = [max(wanted - got, ZERO) for wanted, got in zip(least, total, strict=True)]
    return {"component": pay, "measured": measured, **paid_out(plan, calendar, pay, book, target)}


def under_nothing_due(component, value, target, attainment, unasked):
    """The reading, and whether it is skipped."""
    if unasked and component.nothing_due != "target":
        attainment = ZERO
    return value, target, attainment, unasked and component.nothing_due == "skip"


def give_weights_of_skipped(plan, measured, pay):
    """Nothing for components that are skipped, whose weights go to the others."""
    weights = {each.name: exact(each.weight) for each in plan.component}
    for t in range(len(next(iter(pay.values())))):
        gone = [name for name in weights if measured[name][t][3]]
        left = sum(weight for name, weight in weights.items() if name not in gone)
        for name, weight in weights.items():
            if name in gone:
                pay[name][t] = ZERO
            elif weight:
                pay[name][t] *= sum(weights.values()) / left


def chosen(rule, names):
    return names if rule.component is None else [rule.component]


def periods_in(name, calendar):
    return max(1, MONTHS[name] // calendar.months_per_period)


def window(component, calendar, t):
    """The periods measured at the end of ``t``."""
    length = periods_in(component.measurement, calendar)
    first = max(0, t - length + 1) if component.measurement.startswith("trailing") else t - t % length
    return range(first, t + 1)


def readings(plan, component, calendar, deals, book, company, own):
    kind, quota = component.measure, component.quota
    if kind == "renewal_bookings":
        return renewal_readings(plan, component, calendar, deals, book, own)
    if quota.kind == "target":
        floor, target = exact(quota.floor or 0.0), exact(quota.target)
        source = company if kind in ("team_attainment", "company_arr_growth") else book
        found = []
        for t in range(calendar.periods):
            periods = window(component, calendar, t)
            value = level(component, source, periods)
            start = nothing_to_keep(component, source, periods)
            found.append((value, target, (value - floor) / (target - floor), start))
        return found
    credit = bookings(component, book)
    ramp = ramped(plan, book, calendar)
    plain = asked_dollars(component, calendar, book, own)
    asked = [ramp[t] * plain[t] for t in range(calendar.periods)]
    ahead = still_asked(plan, component, calendar, book, plain)
    return over_windows(component, calendar, credit, asked, asked, ahead)


def asked_dollars(component, calendar, book, own):
    """In each period of the horizon, and of the rest of its last year."""
    quota, count = component.quota, calendar.periods + periods_left(calendar, calendar.periods - 1)
    if quota.kind in ("fixed", "person"):
        return asked_amounts(quota, calendar, own.quota(component))[calendar.lead : calendar.lead + count]
    if quota.kind == "none":
        return [ZERO] * count
    share, opening = a_period(quota, calendar) * exact(quota.rate), book.of("opening")
    within = [min(t, calendar.periods - 1) for t in range(count)]
    if quota.over == "year":
        within = [window(component, calendar, t)[0] for t in within]
    return [share * opening[t] for t in within]


def still_asked(plan, component, calendar, book, plain):
    """Of a quota of the year, what is asked in the rest of it after each period; else nothing.

    plain : in each period of the horizon, and of the rest of its last year.
    """
    if component.quota.over != "year":
        return [ZERO] * calendar.periods
    shares = () if plan.ramp is None else plan.ramp.quota
    found = []
    for t, tenure in enumerate(book.of("tenure")):
        ahead = ZERO
        for later in range(1, periods_left(calendar, t) + 1):
            place = max(ceil(tenure), 1) + later
            ahead += plain[t + later] * (exact(shares[place - 1]) if place <= len(shares) else ONE)
        found.append(ahead)
    return found


def periods_left(calendar, t):
    """Of the year, after a period."""
    year = 12 // calendar.months_per_period
    return year - 1 - t % year


def over_windows(component, calendar, credit, base, asked, ahead):
    found = []
    for t in range(calendar.periods):
        got, planned, quota = (
            sum(each[s] for s in window(component, calendar, t)) for each in (credit, base, asked)
        )
        planned, quota = planned + ahead[t], quota + ahead[t]
        if quota > 0:
            attainment = got / quota
        elif planned > 0:
            attainment = 1 + (got - quota) / planned
        else:
            attainment = ONE
        found.append((got, quota, attainment, planned <= 0 and quota <= 0))
    return found


def renewal_readings(plan, component, calendar, deals, book, own):
    lines = [line for deal in deals if (line := line_of(component.crediting, calendar, deal)) is not None]
    quota = component.quota
    agreed = own.quota(component)
    base = [ZERO] * calendar.span if quota.kind == "none" else base_quotas(quota, calendar, deals, agreed)
    credited, granted = grant_early(component, calendar, lines, base)
    base = ratcheted_quotas(quota, calendar, credited, base)
    alone = plan.model_copy(update={"component": (component,)})
    periods = [
        period_statement(alone, calendar, deals, lines, base, credited, granted, calendar.lead + t)
        for t in range(calendar.periods)
    ]
    ramp = ramped(plan, book, calendar)
    planned = [ramp[t] * each["base_quota"] for t, each in enumerate(periods)]
    asked = [ramp[t] * each["quota"] for t, each in enumerate(periods)]
    plain = [each["base_quota"] for each in periods]
    if quota.over == "year":
        plain = asked_amounts(quota, calendar, agreed)[calendar.lead :]
    ahead = still_asked(plan, component, calendar, book, plain)
    return over_windows(component, calendar, [each["credit"] for each in periods], planned, asked, ahead)


DATE_OF = {
    **dict.fromkeys(("renewal", "uplift", "won_back"), "renewal"),
    **dict.fromkeys(("new", "expansion", "credit"), "expansion"),
    "contraction": "contraction",
    "churn": "churn",
}


def within(text, value):
    """Whether a number is in an interval as it is written."""
    if text is None:
        return True
    low, high = (each.strip().replace("_", "") for each in text.strip()[1:-1].split(","))
    above = value > Fraction(low) or (text[0] == "[" and value == Fraction(low))
    return above and (
        high == "inf" or value < Fraction(high) or (text[-1] == "]" and value == Fraction(high))
    )


def deals_by_period(component, book, weight):
    """What the deals of a component come to, each at the weight of the class that holds it."""
    found = [ZERO] * len(book.activity.opening)
    forgiven = () if book.grace is None else book.grace.events
    held = [book.grace is None or tenure > book.grace.periods for tenure in book.of("tenure")]
    for type_, when, months, size, arr in book.activity.deals.deals[0]:
        for row in component.deals:
            t = when.get(getattr(component.dates, DATE_OF[type_])) if isinstance(when, dict) else when
            if type_ not in row.types or t is None or (type_ in forgiven and not held[t]):
                continue
            if within(row.term_months, months) and within(row.size, exact(size)):
                found[t] += weight(row) * (ONE if component.measure == "deal_count" else exact(arr))
    return found


def paid_for(row):
    return exact(row.rate if row.per_event is None else row.per_event)


def bookings(component, book):
    dates = component.dates
    if component.deals:
        return deals_by_period(component, book, lambda row: exact(row.multiplier))
    expansion, uplift = book.flow("expansion", dates.expansion), book.flow("uplift", dates.renewal)
    return {
        "expansion_bookings": expansion,
        "uplift_bookings": uplift,
        "growth_bookings": [a + b for a, b in zip(expansion, uplift, strict=True)],
        "multi_year_bookings": book.of("multi_year"),
        "net_growth": net_growth(dates, book),
        "renewal_count": book.number("renewal"),
        "expansion_count": book.number("expansion"),
        "multi_year_count": book.number("multi_year"),
        "win_back_count": book.number("won_back"),
    }[component.measure]


def net_growth(dates, book):
    """What the customers of the book have added, less what they took away."""
    signs = {
        "expansion": (1, dates.expansion),
        "uplift": (1, dates.renewal),
        "won_back": (1, "due"),
        "contraction": (-1, dates.contraction),
        "churn": (-1, dates.churn),
        "lapsed": (-1, "due"),
    }
    flows = [[sign * each for each in book.flow(event, date)] for event, (sign, date) in signs.items()]
    return [sum(each) for each in zip(*flows, strict=True)]


def nothing_to_keep(component, book, periods):
    """Whether a share is read of nobody."""
    measure = component.team_measure or component.measure
    if measure in ("health", "nps", "adoption", "onboarding", "kpi"):
        return False
    held = book.number("accounts") if measure == "logo_retention" else book.of("opening")
    return held[periods[0]] <= 0


def level(component, book, periods):
    """A share or KPI over the periods of a window."""
    measure, dates = component.team_measure or component.measure, component.dates
    late_lost = component.retention.late == "lost"
    if measure in ("health", "nps", "adoption", "onboarding", "kpi"):
        return sum(book.kpi(component.kpi or measure)[t] for t in periods) / len(periods)
    if measure == "logo_retention":
        start, gone = book.number("accounts")[periods[0]], net_loss(book.number, periods, late_lost)
        return 1 - (gone / start if start else ZERO)
    start = book.of("opening")[periods[0]]
    if start == 0:
        return ZERO if measure in ("arr_growth", "company_arr_growth") else ONE
    if measure in ("arr_growth", "company_arr_growth"):
        signs = {
            "new": 1,
            "expansion": 1,
            "uplift": 1,
            "won_back": 1,
            "contraction": -1,
            "churn": -1,
            "lapsed": -1,
        }
        return (
            sum(sign * book.flow(event, "due")[t] for event, sign in signs.items() for t in periods) / start
        )
    losses = {"churn": dates.churn, "lapsed": "due", "won_back": "due"}
    gone = net_loss(lambda event: book.flow(event, losses[event]), periods, late_lost)
    gone += sum(book.flow("contraction", dates.contraction)[t] for t in periods)
    grown = sum(
        book.flow("expansion", dates.expansion)[t] + book.flow("uplift", dates.renewal)[t] for t in periods
    )
    return 1 - (gone - (grown if measure == "nrr" else 0)) / start


def net_loss(series, periods, late_lost):
    """What is lost for good over the periods and, where a late renewal is lost so far, what has lapsed in them and not come
    back: the stand-in book of ``activity.ByFlows``, whose accounts have one fate each.
    """
    churn, lapsed, back = series("churn"), series("lapsed"), series("won_back")
    outstanding = ZERO
    for t in periods if late_lost else ():
        outstanding = max(outstanding + lapsed[t] - back[t], ZERO)
    return outstanding + sum(churn[t] for t in periods)


def ramped(plan, book, calendar):
    """The share of quotas asked in each period."""
    shares = () if plan.ramp is None else plan.ramp.quota
    found = []
    for tenure in book.of("tenure"):
        started = max(ceil(tenure), 1)
        found.append(exact(shares[started - 1]) if started <= len(shares) else ONE)
    return found


def to_date_pay(component, calendar, measured, own, book):
    """What the window that ends with each period has earned."""
    found = []
    for t, (value, _, attainment, _) in enumerate(measured):
        periods = len(window(component, calendar, t)) if component.measurement.endswith("to_date") else 1
        first = t - periods + 1
        if component.quota.over == "year":
            periods += periods_left(calendar, t)
        if any(row.pays is not None for row in component.deals):
            by_period = deals_by_period(component, book, paid_for)
            found.append(sum(by_period[s] for s in window(component, calendar, t)))
        elif component.pay_kind == "bonus":
            target = exact(component.weight) * own.target_over(component, first, periods)
            found.append(target * multiple_of(component.curve, max(attainment, ZERO)))
        elif component.commission is not None:
            found.append(commission(component.commission, value, attainment))
        else:
            found.append(ZERO)
    return found


def commission(rates, value, attainment):
    if rates.tier is None:
        return value * exact(rates.rate if rates.per_event is None else rates.per_event)
    reached = attainment if rates.tiers_by == "attainment" else value
    amounts = [exact(tier.per_event if tier.rate is None else tier.rate) for tier in rates.tier]
    if reached <= 0:
        return value * amounts[0]
    edges = [edge_of(tier) for tier in rates.tier]
    there = [reached > start or (owned and reached == start) for start, owned in edges]
    last = max(index for index, here in enumerate(there) if here or index == 0)
    earned = ZERO
    for index in range(last + 1):
        start, top = edges[index][0], reached if index == last else edges[index + 1][0]
        whole = (rates.tier[index].pays or rates.tiers_pay) == "retroactive"
        earned = amounts[index] * top if whole else earned + amounts[index] * (top - start)
    return value * earned / reached


def edge_of(tier):
    """Where a tier starts, and whether it holds that point."""
    if tier.interval is None:
        return exact(tier.start), True
    text = tier.interval.strip()
    return Fraction(text[1:].split(",")[0].strip()), text[0] == "["


def trued_up(component, calendar, pay):
    if not component.measurement.endswith("to_date"):
        return pay
    return [
        pay[t] - (pay[t - 1] if len(window(component, calendar, t)) > 1 else 0)
        for t in range(calendar.periods)
    ]


def apply_cap(plan, cap, calendar, pay, names, own):
    periods = periods_in("annually", calendar) if cap.over == "year" else 1
    weights = {each.name: exact(each.weight) for each in plan.component}
    weight = ONE if cap.component is None else weights[cap.component]
    for t in range(calendar.periods):
        if t % periods == 0:
            target = weight * own.target_over(None, t, periods)
            so_far, limit = ZERO, exact(cap.usd) if cap.usd is not None else exact(cap.multiple) * target
        total = sum(pay[name][t] for name in chosen(cap, names))
        below = min(total, limit - so_far)
        so_far += below
        if below < total:
            for name in chosen(cap, names):
                pay[name][t] *= below / total


def take_back(clawback, pay, book):
    opening = book.of("opening")
    remaining, left = [max(amount, ZERO) for amount in pay], list(pay)
    for t in range(len(pay)):
        lost = sum(book.flow(event, "due")[t] for event in set(clawback.events))
        part = exact(clawback.share) * (min(lost / opening[t], ONE) if opening[t] else ZERO)
        for s in range(max(0, t - clawback.periods), t):
            back = part * remaining[s]
            remaining[s] -= back
            left[t] -= back
    return left


def least_of(table, target, book, calendar):
    """The guarantee or draw of each period."""
    usd = getattr(table, "usd", None)
    found = []
    for t, (seat, tenure) in enumerate(zip(book.of("seat"), book.of("tenure"), strict=True)):
        amount = exact(usd) if usd is not None else exact(table.share) * target[t]
        covered = ONE if table.periods is None else min(max(table.periods + 1 - tenure, ZERO), ONE)
        found.append(amount * seat * covered)
    return found


def paid_out(plan, calendar, pay, book, target):
    periods = range(calendar.periods)
    every = {each.name: periods_in(each.paid, calendar) for each in plan.component}
    due = [ZERO for _ in periods]
    for name, amounts in pay.items():
        gap = every.get(name, 1)
        for t, amount in enumerate(amounts):
            date = min((t // gap + 1) * gap - 1, calendar.periods - 1)
            due[date] += amount
    earned = [sum(each) for each in zip(*pay.values(), strict=True)]
    after = list(due)
    if plan.holdback is not None:
        for t, amount in enumerate(due):
            held = exact(plan.holdback.share) * max(amount, ZERO)
            after[t] -= held
            after[min(t + plan.holdback.periods, calendar.periods - 1)] += held
    drawn = plan.draw is not None and plan.draw.recoverable
    least = least_of(plan.draw, target, book, calendar) if drawn else [ZERO for _ in periods]
    debt, accrued, paid, recoverable = ZERO, [], [], []
    for t in periods:
        payment = max(after[t] - debt, least[t])
        debt += payment - after[t]
        closed = all(closes(each, calendar, t) for each in plan.component)
        forgiven = debt if closed and not plan.carry.negative else ZERO
        debt -= forgiven
        accrued.append(earned[t] + forgiven)
        paid.append(payment)
        recoverable.append(debt)
    owed = [sum(earned[: t + 1]) - sum(due[: t + 1]) for t in periods]
    held = [sum(due[: t + 1]) - sum(after[: t + 1]) for t in periods]
    return {
        "earned": earned,
        "accrued": accrued,
        "paid": paid,
        "owed": owed,
        "held": held,
        "recoverable": recoverable,
    }


def closes(component, calendar, t):
    """Whether the window of a component ends with period ``t``."""
    if not component.measurement.endswith("to_date"):
        return True
    return t == calendar.periods - 1 or len(window(component, calendar, t + 1)) == 1
