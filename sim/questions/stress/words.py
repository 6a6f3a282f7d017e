"""How reports name limits, inputs and moves of a stress suite."""

from typing import Final

from sim.questions.stress.limits import Limits, LowPay, PayCut, PayeeCut
from sim.questions.stress.summary import Ends, Reverse, Step
from sim.shapes.amounts import share

LIMITS: Final = {
    "budget": "the budget",
    "cost_p90": "P90 of cost",
    "prob_over_budget": "how often the budget is exceeded",
    "cost_rise": "rise of cost",
    "variable_of_arr": "variable pay per ARR kept",
    "cost_of_arr": "cost per ARR kept",
    "low_pay": "low pay",
    "pay_cut": "pay cuts",
    "payee_cut": "pay lost against the baseline",
    "exposure": "what dates can gain",
}
"""What the limits are called in a sentence."""
TITLES: Final = {
    "cost_p90": "P90 of cost / budget",
    "prob_over_budget": "P(> budget)",
    "cost_rise": "cost rise",
    "variable_of_arr": "variable / ARR kept",
    "cost_of_arr": "cost / ARR kept",
    "low_pay": "low pay",
    "pay_cut": "pay cut",
    "payee_cut": "lost against baseline",
    "exposure": "gained by dates",
}
"""What they are called over a column."""
WAYS: Final = (("times", "x"), ("odds", "odds x"), ("add", "+"))


def allowed(limits: Limits) -> str:
    """What each limit that is asked allows."""
    return "; ".join(f"{TITLES[name]} at most {_most(limits, name)}" for name in limits.most)


def _most(limits: Limits, name: str) -> str:
    limit = getattr(limits, name)
    if isinstance(limit, LowPay):
        return f"{share(limit.share)} of CSMs' periods below {share(limit.below)} of target"
    if isinstance(limit, PayCut | PayeeCut):
        return f"{share(limit.share)} of CSMs lose more than {share(limit.by)}"
    return f"{100 * limit:.1f}¢ a usd" if name in ("variable_of_arr", "cost_of_arr") else share(limit, 1)


def short(path: str) -> str:
    """A path without what all inputs of segments begin with."""
    return path.removeprefix("segment.*.")


def range_of(ends: Ends) -> str:
    """The ends of a range."""
    for name, word in WAYS:
        if (found := getattr(ends, name)) is not None:
            return f"{word} {found[0]:.3g} to {found[1]:.3g}"
    return ""


def move_of(step: Step) -> str:
    """A move."""
    for name, word in WAYS:
        if (found := getattr(step, name)) is not None:
            return f"{word} {found:.3g}"
    return ""


def broken(reverse: Reverse) -> str:
    """What is broken."""
    return "budget (by mean cost)" if reverse.breaks == "budget" else f"limit {reverse.breaks}"
