"""What is true of accounts when the study meets them, as slow, obvious Python from the same random words.

Written from the model's description: scipy's distributions, calendar dates, loops.
"""

from calendar import SATURDAY
from datetime import date, timedelta
from math import exp

from dateutil.relativedelta import relativedelta
from scipy.special import ndtri
from scipy.stats import beta

from sim.world.streams import BOOK, ONCE, SKILL
from tests.rig.twins.world import Draws, pick


def words_key(world_object):
    return tuple(int(word) for word in world_object.key)


def skill_of(world_object, csm, world):
    """Standard normal score of the CSM who holds the book when the study opens: one draw a CSM and world."""
    draws = Draws(words_key(world_object), world, int(world_object.book.csm_ids[csm]))
    return float(ndtri(draws.group(SKILL, 0, 0)[0]))


def churn_scores_of(scenario, world_object, account, world):
    """By term: one place of the account among its segment's, read off each term's Beta distribution."""
    book = world_object.book
    churn = scenario.segment[book.segment[account]].churn
    draws = Draws(words_key(world_object), world, int(book.account_ids[account]))
    place = draws.group(BOOK, 1, 0)[0]
    scores = []
    for months in book.terms:
        mean = churn.by_term.get(str(months), churn.probability)
        if churn.dispersion > 0 and 0 < mean < 1:
            strength = 1 / churn.dispersion - 1
            mean = beta.ppf(place, mean * strength, (1 - mean) * strength)
        scores.append(float(ndtri(mean)))
    return scores


def contract_of(scenario, world_object, account, world):
    """ARR, first due day, the number under which that renewal is drawn, and term index, of a drawn account."""
    book, calendar = world_object.book, scenario.calendar
    segment = scenario.segment[book.segment[account]]
    where = world if scenario.book.redraw is not False else ONCE
    draws = Draws(words_key(world_object), where, int(book.account_ids[account]))
    size, term, month, day = draws.group(BOOK, 0, 0)
    law = segment.arr
    arr = law.mean * exp(law.sigma * ndtri(size) - law.sigma**2 / 2)
    months = pick([(m, segment.term_months.get(str(m), 0.0)) for m in book.terms], term)
    last = segment.due.last_month_share
    weights = []
    for ahead in range(max(months, 12)):
        of_year = ahead + months_before(scenario)
        quarter, within = of_year % 12 // 3, last if of_year % 3 == 2 else (1 - last) / 2
        weights.append(segment.due.quarter_weights[quarter] * within)
    ahead = pick([(ahead, weight / sum(weights)) for ahead, weight in enumerate(weights)], month) % months
    edge = -scenario.lead_of(segment) * scenario.period_months
    number = 64
    while ahead - months >= edge:  # as many whole terms earlier as the segment's edge holds
        ahead, number = ahead - months, number - 1
    begins, ends = month_begins(scenario, ahead), month_begins(scenario, ahead + 1)
    length = (ends - begins).days
    due = begins + timedelta(days=min(int(day * length), length - 1))
    return arr, calendar.day(due), number, book.terms.index(months)


def months_before(scenario):
    """Months of the first fiscal year before the horizon, of years of whole months or that begin with it."""
    fiscal = scenario.fiscal_year
    return 0 if fiscal is None or fiscal.weeks else (scenario.start.month - fiscal.first_month) % 12


def month_begins(scenario, ahead):
    """First day of a month from the start: of calendar months, or of 4, 4 and 5 weeks in years that end on the last Saturday
    of December and begin with the horizon.
    """
    if scenario.fiscal_year is None or not scenario.fiscal_year.weeks:
        return scenario.start + relativedelta(months=ahead)
    year, month = divmod(ahead, 12)
    eve = date(scenario.start.year + year, 12, 31)
    while eve.weekday() != SATURDAY:
        eve -= timedelta(days=1)
    return eve + timedelta(days=1, weeks=[0, 4, 8, 13, 17, 21, 26, 30, 34, 39, 43, 47][month])
