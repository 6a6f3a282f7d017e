"""Variable pay against none: what CSMs who are paid a salary alone would do, and what each plan's variable pay returns."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.measure.estimate import Centre, centre_of
from sim.measure.response.effort import TASKS, best_effort
from sim.measure.value import Parts, gross_value
from sim.questions.response.added_value import first_worlds, mean_effort, terms_of
from sim.questions.response.company_value import company_parts
from sim.questions.response.effort_world import UNPAID
from sim.questions.response.respond import Responded
from sim.questions.response.traits import Traits, at_points

Floats = NDArray[np.float64]
Entry = dict[str, Any]


def without_pay(found: Responded) -> dict[Traits, tuple[Parts, Floats]]:
    """What the company gets, and the efforts [segment, task], where nobody is paid anything variable; for each value of
    ``points``. Cost is left out of the parts: salaries are each plan's own.

    Source: METHOD.md, response of CSMs: the best effort where every gain is 0; what is left are the motives.
    """
    efforts, cases = found.efforts, {}
    asked, reference = efforts.asked, efforts.plans[efforts.reference]
    for points in asked.points:
        traits = at_points(asked, points)
        effort = np.ones((len(efforts.csms), len(TASKS)))
        for index in np.flatnonzero(efforts.csms).tolist():
            effort[index] = best_effort(np.zeros(len(TASKS)), efforts.costs(index, traits))
        effort = efforts.shared(effort)
        parts = company_parts(efforts.study, reference, effort, efforts.strength(traits), asked.value_worlds)
        cases[traits] = parts._replace(cost=np.zeros_like(parts.cost)), effort
    return cases


def no_pay_entry(
    found: Responded, name: str, cases: dict[Traits, tuple[Parts, Floats]], by_median: bool = False
) -> Entry:
    """What the variable pay of a plan is worth to the company per CSM-year, against the same salaries without it. [usd]

    gain     : margin on what is kept and grown more, and unpaid work that is done less.
    variable : variable pay with on-costs, and the tooling that it needs.
    net_value, its range over ``points``, and ``roi``: net value per usd of it.
    by_median : pay has no mean: all are medians over worlds, and there is no ``roi``.

    Source: Is your CSM compensation plan simple, scalable, and ROI positive? (founding document): "meaningful and measurable
    returns for the business at large". Nobody leaves, and no salary is raised, for want of variable pay: assumption.
    """
    asked = found.efforts.asked
    each = {traits: _gain(found, name, traits, *case) for traits, case in cases.items()}
    central = at_points(asked, asked.points[asked.central])
    gain, variable = each[central]
    nets = [centre_of(more - paid, by_median) for more, paid in each.values()]
    net = centre_of(gain - variable, by_median)
    entry: Entry = {
        **({"statistic": "median"} if by_median else {}),
        **_named("gain", centre_of(gain, by_median)),
        **_named("variable", centre_of(variable, by_median)),
        **_named("net_value", net),
        **({} if net.ci95 is None else {"net_value_ci95": list(net.ci95)}),
        "net_value_low": min(one.value for one in nets),
        "net_value_high": max(one.value for one in nets),
        "tooling": asked.tooling,
    }
    paid = float(variable.mean())
    return entry | ({"roi": net.value / paid} if paid > 0.0 and not by_median else {})


def _gain(found: Responded, name: str, traits: Traits, none: Parts, effort: Floats) -> tuple[Floats, Floats]:
    """Gross gain and cost of variable pay per CSM-year. [world] [usd]"""
    efforts, terms = found.efforts, terms_of(found)
    own = found.parts[name][traits]
    base = first_worlds(none, len(own.cost))
    salaries = efforts.plans[name].pay.base_salary * found.csm_years * (1.0 + terms.on_cost)
    unpaid = float(mean_effort(found, name, traits)[UNPAID]) - float(
        np.average(effort[:, UNPAID], weights=efforts.csms)
    )
    gain = (gross_value(own, terms.worth) - gross_value(base, terms.worth)) / found.csm_years
    variable = (own.cost - salaries) / found.csm_years + efforts.asked.tooling
    return gain + terms.unpaid_value * unpaid, variable


def _named(name: str, found: Centre) -> Entry:
    return {name: found.value, f"{name}_se": found.se}
