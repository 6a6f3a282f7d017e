"""Does a plan scale? What it pays when every account of a book has grown and nobody has touched the plan."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.cohort import scaled_cohorts
from sim.engine.study import Study
from sim.measure.incentive.switch import Step, total_pay
from sim.plan.plan import Plan
from sim.questions.incentive.scene import make_scene, whole_book
from sim.questions.response.gains import Sample
from sim.records import Ledger

Floats = NDArray[np.float64]

GROWN: Final = 0.10
"""How much larger every account is. [share]"""


def pay_growth(study: Study, plans: list[Plan], sample: Sample, csms: NDArray[np.int64]) -> list[float]:
    """Growth of the cost of each plan when all ARR is a tenth larger: 0 where quotas grow along or pay is fixed, 0.10
    where pay grows in step, more where it runs ahead. [plan] [share]

    Salaries are counted. Books of the sample, each standing for its segment's.
    """
    scene = make_scene(study, plans, Step(1, 1.0))
    now, then = np.zeros(len(plans)), np.zeros(len(plans))
    for index, books in enumerate(sample.books):
        for csm in books:
            _, _, ledger = whole_book(scene, csm, 0, sample.worlds)
            weight = csms[index] / len(books)
            for total, each in ((now, ledger), (then, grown(ledger, 1.0 + GROWN))):
                total += weight * np.array([pay.mean() for pay in total_pay(scene.plans, each)])
    salaries = np.array([plan.pay.base_salary for plan in plans]) * scene.years * csms.sum()
    below = now + salaries
    found = np.divide(then - now, below, out=np.zeros_like(below), where=below > 0.0)
    return [float(each) for each in found]


def grown(ledger: Ledger, factor: float) -> Ledger:
    """A Ledger with every amount so many times as large, and as many accounts."""
    activity = ledger.activity
    if activity is not None:
        flow = {
            event: {date: factor * each for date, each in dates.items()}
            for event, dates in activity.flow.items()
        }
        activity = activity._replace(
            opening=factor * activity.opening,
            flow=flow,
            multi_year=factor * activity.multi_year,
            cohort=scaled_cohorts(activity.cohort, factor),
        )
    return ledger._replace(
        renewable=factor * ledger.renewable,
        unbooked=factor * ledger.unbooked,
        amount={date: factor * amount for date, amount in ledger.amount.items()},
        activity=activity,
    )
