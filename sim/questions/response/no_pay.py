"""Variable pay against none: what CSMs who are paid a salary alone would do, and what each plan's variable pay returns."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.estimate import centre_of
from sim.measure.response.effort import TASKS, best_efforts
from sim.measure.value import Parts, gross_value
from sim.questions.response.added_value import first_worlds, valuation_of
from sim.questions.response.company_value import company_parts
from sim.questions.response.effort_world import UNPAID
from sim.questions.response.respond import Responded
from sim.questions.response.summary import AgainstNoPay
from sim.questions.response.traits import Traits, at_points

Floats = NDArray[np.float64]


class Unpaid(NamedTuple):
    """What the company gets where nobody is paid anything variable, and the efforts there. effort : [segment, task]"""

    parts: Parts
    effort: Floats


def without_pay(responded: Responded) -> dict[Traits, Unpaid]:
    """The company without variable pay, for each value of ``points``. Cost is left out of the parts: salaries are each
    plan's own.

    Source: METHOD.md, response of CSMs: the best effort where every gain is 0; what is left are the motives.
    """
    efforts, cases = responded.efforts, {}
    asked, name = efforts.asked, efforts.reference
    for points in asked.points:
        traits = at_points(asked, points)
        effort = np.ones((len(efforts.csms), len(TASKS)))
        for segment in efforts.staffed:
            costs = efforts.costs(name, segment, traits)
            unpaid = best_efforts(np.zeros(len(TASKS) * len(costs)), costs)
            effort[segment] = efforts.on_book(name, segment, unpaid)
        effort = efforts.shared(effort)
        at = (effort, efforts.strength(traits), asked.value_worlds, efforts.shifts[name])
        parts = company_parts(efforts.study, efforts.sets[name], *at)
        cases[traits] = Unpaid(parts._replace(cost=np.zeros_like(parts.cost)), effort)
    return cases


def against_no_pay(
    responded: Responded, name: str, cases: dict[Traits, Unpaid], by_median: bool = False
) -> AgainstNoPay:
    """What the variable pay of a plan is worth to the company per CSM-year, against the same salaries without it. [usd]

    gain     : margin on what is kept and grown more, and unpaid work that is done less.
    variable : variable pay with on-costs, and the tooling that it needs.
    net_value, its range over ``points``, and ``roi``: net value per usd of it.
    by_median : pay has no mean: all are medians over worlds, and there is no ``roi``.

    Source: Is your CSM compensation plan simple, scalable, and ROI positive? (founding document): "meaningful and measurable
    returns for the business at large". Nobody leaves, and no salary is raised, for want of variable pay: assumption.
    """
    efforts = responded.efforts
    by_points = {traits: _gain_and_pay(responded, name, traits, unpaid) for traits, unpaid in cases.items()}
    gain, variable = by_points[efforts.central]
    nets = [centre_of(more - paid, by_median).value for more, paid in by_points.values()]
    net = centre_of(gain - variable, by_median)
    paid = float(variable.mean())
    return AgainstNoPay.of(
        statistic="median" if by_median else None,
        **centre_of(gain, by_median).with_se("gain"),
        **centre_of(variable, by_median).with_se("variable"),
        **net.entry("net_value"),
        net_value_low=min(nets),
        net_value_high=max(nets),
        tooling=efforts.asked.tooling,
        roi=net.value / paid if paid > 0.0 and not by_median else None,
    )


def _gain_and_pay(responded: Responded, name: str, traits: Traits, none: Unpaid) -> tuple[Floats, Floats]:
    """Gross gain and cost of variable pay per CSM-year. Both [world] [usd]"""
    efforts, valuation, csm_years = responded.efforts, valuation_of(responded), responded.csm_years
    parts = responded.parts[name][traits]
    base = first_worlds(none.parts, len(parts.cost))
    more_effort = efforts.mean(efforts.effort(name, traits)) - efforts.mean(none.effort)
    gain = (gross_value(parts, valuation.worth) - gross_value(base, valuation.worth)) / csm_years
    salaries = efforts.salary(name) * csm_years * (1.0 + valuation.on_cost)
    variable = (parts.cost - salaries) / csm_years + efforts.asked.tooling
    return gain + valuation.unpaid_value * float(more_effort[UNPAID]), variable
