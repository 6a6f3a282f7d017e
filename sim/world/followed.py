"""The cohorts that some plan asks of a book: account by account, or customer by customer where one has several contracts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.cohort import first_periods, no_cohort
from sim.records import Cohort, CohortTerms, Days, FloatPW, IntP
from sim.world.customers import follow_customers
from sim.world.laws import Times
from sim.world.renewal import Held, Path
from sim.world.ways import follow_accounts, rules_of


def follow(
    held: Held,
    customer: IntP,
    path: Path,
    notice: Days,
    tenure: FloatPW,
    times: Times,
    calendar: Calendar,
    terms: Sequence[CohortTerms],
) -> dict[CohortTerms, Cohort]:
    """The cohorts of a book by terms; those with grace without it, too. An account is one contract; all contracts of a
    customer are followed together, unless terms go by contract.

    customer : the first account of the customer of each. [account]
    notice   : days of notice of each renewal. [renewal, world] [day]
    tenure   : periods that whoever holds the book has done so for. [due period, world]
    """
    found: dict[CohortTerms, Cohort] = {}
    asked = dict.fromkeys([*terms, *(term.ungraced for term in terms)])
    first_of, shared = several(customer)
    none = np.zeros_like(shared)
    told = {each: each._replace(by_contract=each.by_contract and bool(shared.any())) for each in asked}
    for each in dict.fromkeys(told.values()):
        out = no_cohort(calendar.periods, path.arr.shape[1])
        graced = np.ascontiguousarray(tenure <= each.grace_periods)
        lived = (held, path, notice, graced, rules_of(each), first_periods(each), times, calendar.lead)
        follow_accounts(*lived, none if each.by_contract else shared, out)
        if shared.any() and not each.by_contract:
            follow_customers(*lived, first_of, out)
        found[each] = out
    return {each: found[told[each]] for each in asked}


def several(customer: IntP) -> tuple[IntP, NDArray[np.bool_]]:
    """Accounts, first and one after the last, of each customer who has several, [customer, 2]; and whether an account is of
    one of them. [account]
    """
    first, number = np.unique(customer, return_counts=True)
    of = np.column_stack([first, first + number])[number > 1]
    shared: NDArray[np.bool_] = (number > 1)[np.searchsorted(first, customer)]
    return np.ascontiguousarray(of), shared
