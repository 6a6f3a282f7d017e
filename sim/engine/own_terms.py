"""What the people of a scenario have agreed for themselves, on average: beside it plans are of one size or not."""

import numpy as np

from sim.calendar import Calendar
from sim.fiscal_year import MONTHS_PER_YEAR
from sim.plan.comparable import ON_THE_PLAN, OwnTerms
from sim.records import Agreed
from sim.world.book import make_book
from sim.world.people import people_of, persons_of
from sim.world.scenario import Scenario


def own_terms(scenario: Scenario) -> OwnTerms:
    """Mean over the CSMs of a scenario, each counted for the days on which the seat is held.

    Raises: InputError where its people file cannot be used.
    """
    if scenario.book.people is None:
        return ON_THE_PLAN
    book = make_book(scenario)
    persons = persons_of(people_of(scenario, book), scenario)
    terms, days = zip(
        *(_of_one(persons.of(book, csm), scenario.calendar) for csm in range(len(book.csms))), strict=True
    )
    if not any(days):
        return ON_THE_PLAN
    means = np.average(np.array(terms), axis=0, weights=np.array(days))
    return OwnTerms(*map(float, means))


def _of_one(agreed: Agreed | None, calendar: Calendar) -> tuple[OwnTerms, float]:
    """Of one CSM, and the share of the horizon in which they are there."""
    if agreed is None:
        return ON_THE_PLAN, 1.0
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    there = np.ones(calendar.periods) if agreed.present is None else agreed.present[horizon]
    if not there.any():
        return ON_THE_PLAN, 0.0
    target, on_target, salary, on_salary = (
        float(np.average(each[horizon], weights=there))
        for each in (agreed.target.usd, agreed.target.plans, agreed.salary.usd, agreed.salary.plans)
    )
    a_year = MONTHS_PER_YEAR / calendar.months_per_period
    return OwnTerms(a_year * target, salary, on_target, on_salary), float(there.mean())
