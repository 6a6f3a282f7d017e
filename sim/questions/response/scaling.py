"""Does a plan scale? What it pays when every account of a book has grown and nobody has touched the plan."""

from typing import Final

from sim.cohort import scaled_cohorts
from sim.deal_sums import of_smaller, scaled_deals
from sim.measure.incentive.switch import total_pay
from sim.questions.incentive.scene import beside_book, paid_ledgers, whole_book
from sim.questions.response.efforts import Efforts
from sim.questions.response.scenes import staged
from sim.records import Activity, Ledger

GROWN: Final = 0.10
"""How much larger every account is. [share]"""


def pay_growth(efforts: Efforts) -> dict[str, float]:
    """Growth of the cost of each plan, by name, when all ARR is a tenth larger: 0 where quotas grow along or pay is fixed,
    0.10 where pay grows in step, more where it runs ahead. [share]

    Salaries are counted. Books of the sample, each standing for its segment's.
    """
    now, then = dict.fromkeys(efforts.sets, 0.0), dict.fromkeys(efforts.sets, 0.0)
    for scene, roles in staged(efforts):
        smaller = (of_smaller(terms, 1.0 + GROWN) for terms in scene.deals)
        scene = scene._replace(deals=tuple(dict.fromkeys((*scene.deals, *smaller))))
        for csms, sampled in zip(efforts.csms, efforts.sampled, strict=True):
            for csm in sampled:
                _, _, ledger = whole_book(scene, csm, 0, efforts.worlds)
                for places, paid in paid_ledgers(scene, beside_book(scene, csm, 0, efforts.worlds), ledger):
                    plans = [scene.plans[place] for place in places]
                    for total, one in ((now, paid), (then, grown(paid, 1.0 + GROWN))):
                        for place, pay in zip(places, total_pay(plans, one), strict=True):
                            books = scene.territories[place].books_with(csm)
                            total[roles[place][0]] += csms / len(sampled) * float(pay.mean()) / books
    growth = {}
    for name, before in now.items():
        below = before + efforts.salary(name) * efforts.csm_years
        growth[name] = (then[name] - before) / below if below > 0.0 else 0.0
    return growth


def grown(ledger: Ledger, factor: float) -> Ledger:
    """A Ledger with every amount so many times as large, and as many accounts; of deals by size it needs to know those of
    the smaller sizes too.
    """
    return ledger._replace(
        renewable=factor * ledger.renewable,
        unbooked=factor * ledger.unbooked,
        amount={date: factor * amount for date, amount in ledger.amount.items()},
        activity=_larger(ledger.activity, factor),
        company=_larger(ledger.company, factor),
    )


def _larger(activity: Activity | None, factor: float) -> Activity | None:
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
    return activity
