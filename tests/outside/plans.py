"""An outside settlement of plans: from the list of renewals and expansions to pay, written from METHOD.md, section 2.

Arrays are [period, world x csm]; ``Facts`` sums the events of an outside world to what a plan asks for.
"""

import numpy as np

NONE = 10**5


class Facts:
    """The events of all books, summed by book and period as plans ask for them."""

    def __init__(self, world):
        self.world, self.periods = world, world.clock.periods
        self.books = world.worlds * world.csms
        self.seat = world.seats.reshape(self.periods, self.books)

    def by_period(self, events, period, amount):
        """Sum of amounts over the events of each book and period, two years before the horizon and after it as well."""
        span = self.periods + 20
        inside = (period >= -10) & (period < self.periods + 10)
        cell = (period[inside] + 10) * self.books + self.book_of(events)[inside]
        return np.bincount(cell, np.asarray(amount)[inside], span * self.books).reshape(span, self.books)

    def book_of(self, events):
        return events.world * self.world.csms + events.csm

    def horizon(self, each):
        return each[10 : 10 + self.periods]

    def kept(self, months):
        """GRR, NRR and logo retention of windows of so many months that end with each period. [period, book]"""
        found = {"grr": [], "nrr": [], "logo_retention": []}
        for t in range(self.periods):
            first = max(0, t + 1 - months // 3)
            sums = np.zeros((4, self.books))
            for part in self.world.ways:
                book = part.world * self.world.csms + part.csm
                held = followed(part, first, t + 1)
                sums += [np.bincount(book, each, self.books) for each in held]
            opening, gross, net, stay = sums
            held = np.maximum(opening, 1e-300)
            count = self._customers(first)
            found["grr"].append(gross / held)
            found["nrr"].append(net / held)
            found["logo_retention"].append(stay / np.maximum(count, 1e-300))
        return {key: np.array(each) for key, each in found.items()}

    def _customers(self, first):
        parts = self.world.ways
        return sum(
            np.bincount(p.world * self.world.csms + p.csm, p.levels[first] > 0.0, self.books) for p in parts
        )


def followed(part, first, end):
    """Each account from the start of a window to its end: ARR held at the start, gross, net, and whether still there."""
    held, low = part.levels[first], part.lows[first:end].min(axis=0)
    there = (held > 0.0) & (low > 0.0) & (part.levels[end] > 0.0)
    ends = np.where(there, part.levels[end], 0.0)
    gross = np.where(held > 0.0, np.minimum(held, low), 0.0)
    return held, gross, ends, there.astype(float)


def curve_at(curve, attainment):
    """What intervals ``(from, value, slope)`` pay; below 0 what they pay at 0."""
    x, pays = np.maximum(attainment, 0.0), 0.0
    for start, value, slope in curve:
        pays = np.where(x >= start * (1 - 1e-12), value + slope * (x - start), pays)
    return pays


def attained(credit, quota, base):
    """Credit over quota, where something is left of it."""
    safe = np.where(quota > 0.0, quota, 1.0)
    spent = 1.0 + (credit - quota) / np.where(base > 0.0, base, 1.0)
    return np.where(quota > 0.0, credit / safe, np.where(base > 0.0, spent, 1.0)), ~(quota > 0.0)


def late_multiplier(plan, lag):
    pays = np.where(lag > 0, 0.0 if plan.get("late_bands") else plan.get("late_multiplier", 1.0), 1.0)
    for through, multiplier in reversed(plan.get("late_bands", ())):
        pays = np.where((lag > 0) & (lag <= through), multiplier, pays)
    return np.where(lag > plan.get("late_window", 180), 0.0, pays)


def renewals(facts, plan):
    """A component on renewals: attainment, credit early, late and on time, and whether the quota is exhausted."""
    events = facts.world.renewals
    at, due, amount = events.at, events.due, events.amount
    early, late = events.booked & (at < due), events.booked & (events.lag > 0)
    on_time = events.booked & ~early & ~late
    owed = facts.by_period(events, due, events.owed)
    base = np.full_like(owed, plan["amount"]) if "amount" in plan else plan["rate"] * owed
    many, few = plan.get("early_multiplier", 1.0), late_multiplier(plan, events.lag)
    by_due = plan.get("date") == "due"
    granted = np.where(early & by_due, 0.0, amount)
    if not by_due and "early_cap" in plan:
        asked = facts.by_period(events, at, amount * early)
        share = np.minimum(1.0, plan["early_cap"] * base / np.maximum(asked, 1e-300))
        period = np.clip(at + 10, 0, share.shape[0] - 1)
        granted = amount * share[period, facts.book_of(events)]
    counted = late & (events.lag <= plan.get("late_window", 180))
    if by_due:
        ahead = facts.by_period(events, due, amount * early) * many
        behind = facts.by_period(events, due, amount * few * counted)
    else:
        ahead = facts.by_period(events, at, granted * early * many)
        ahead += facts.by_period(events, due, (amount - granted) * early)
        behind = facts.by_period(events, at, amount * few * counted)
    punctual = facts.by_period(events, due, amount * on_time)
    quota = base - plan.get("early_out_of_due", 0.0) * facts.by_period(events, due, granted * early)
    across = counted & (at > due) & (not by_due)
    quota += plan.get("late_into_booked", 0.0) * facts.by_period(events, at, amount * across)
    quota = np.maximum(quota, plan.get("floor", -np.inf) * base) if "floor" in plan else quota
    sides = [facts.horizon(each) for each in (ahead, behind, punctual)]
    quota, base = facts.horizon(quota), facts.horizon(base)
    attainment, exhausted = attained(sum(sides), quota, base)
    return attainment, sides, exhausted


def shares(facts, part):
    """A component on retention: attainment."""
    value = facts.kept(part["months"])[part["measure"]]
    return (value - part["at_zero"]) / (part["target"] - part["at_zero"])


def counts(facts, part):
    """A commission on events: so much for each."""
    events = facts.world.expansions if part["measure"] == "expansion_count" else facts.world.renewals
    number = events.number if part["measure"] == "expansion_count" else getattr(events, part["event"])
    return facts.horizon(facts.by_period(events, events.at, number)) * part["per_event"]


def settle(facts, plan):
    """Pay [period, book] and, of a plan on renewals alone, attainment, sides and exhausted quotas."""
    pay, told = 0.0, {}
    for part in plan["parts"]:
        if part["measure"] == "renewal_bookings":
            attainment, sides, exhausted = renewals(facts, part)
            told = {"attainment": attainment, "sides": sides, "exhausted": exhausted}
        elif "per_event" in part:
            pay = pay + counts(facts, part)
            continue
        else:
            attainment = shares(facts, part)
            told = {"attainment": attainment, "exhausted": np.zeros(attainment.shape, bool)}
        pay = pay + plan["target"] * part["weight"] * curve_at(part["curve"], attainment)
    return {"pay": pay * facts.seat, **(told if len(plan["parts"]) == 1 else {})}
