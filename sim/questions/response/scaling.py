"""Does a plan scale? What it pays when every account of a book has grown and nobody has touched the plan."""

from typing import Final

import numpy as np

from sim.cohort import scaled_cohorts
from sim.deal_sums import of_smaller, scaled_deals
from sim.measure.incentive.switch import Step, total_pay
from sim.questions.incentive.scene import make_scene, whole_book
from sim.questions.response.efforts import Efforts
from sim.records import Ledger

GROWN: Final = 0.10
"""How much larger every account is. [share]"""


def pay_growth(efforts: Efforts) -> dict[str, float]:
    """Growth of the cost of each plan, by name, when all ARR is a tenth larger: 0 where quotas grow along or pay is fixed,
    0.10 where pay grows in step, more where it runs ahead. [share]

    Salaries are counted. Books of the sample, each standing for its segment's.
    """
    plans = list(efforts.plans.values())
    scene = make_scene(efforts.study, plans, Step(1, 1.0))
    smaller = (of_smaller(terms, 1.0 + GROWN) for terms in scene.deals)
    scene = scene._replace(deals=tuple(dict.fromkeys((*scene.deals, *smaller))))
    now, then = np.zeros(len(plans)), np.zeros(len(plans))
    for csms, sampled in zip(efforts.csms, efforts.sampled, strict=True):
        for csm in sampled:
            _, _, ledger = whole_book(scene, csm, 0, efforts.worlds)
            weight = csms / len(sampled)
            for total, one in ((now, ledger), (then, grown(ledger, 1.0 + GROWN))):
                total += weight * np.array([pay.mean() for pay in total_pay(scene.plans, one)])
    salaries = np.array([efforts.salary(name) for name in efforts.plans]) * scene.years * efforts.csms.sum()
    below = now + salaries
    growth = np.divide(then - now, below, out=np.zeros_like(below), where=below > 0.0)
    return dict(zip(efforts.plans, growth.tolist(), strict=True))


def grown(ledger: Ledger, factor: float) -> Ledger:
    """A Ledger with every amount so many times as large, and as many accounts; of deals by size it needs to know those of
    the smaller sizes too.
    """
    activity = ledger.activity
    if activity is not None:
        flow = {
            event: {date: factor * amount for date, amount in dates.items()}
            for event, dates in activity.flow.items()
        }
        activity = activity._replace(
            opening=factor * activity.opening,
            flow=flow,
            multi_year=factor * activity.multi_year,
            cohort=scaled_cohorts(activity.cohort, factor),
            deals=scaled_deals(activity.deals, factor),
        )
    return ledger._replace(
        renewable=factor * ledger.renewable,
        unbooked=factor * ledger.unbooked,
        amount={date: factor * amount for date, amount in ledger.amount.items()},
        activity=activity,
    )
