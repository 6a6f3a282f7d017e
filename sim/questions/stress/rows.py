"""What tables, figures and sentences on a stress suite are all made of: one typed row for a plan under a stress."""

from typing import Final, NamedTuple

from sim.questions.stress.limits import FAIL, PASS, UNDECIDED, Verdict, worst
from sim.questions.stress.summary import PlanOutcome, StressSuite
from sim.summary.estimate import Kept

BUDGET: Final = "budget"
"""Held against what is allowed in a suite whose limits do not speak of the budget."""
VERDICTS: Final[dict[Kept, Verdict]] = {"broken": FAIL, "kept": PASS, "undecided": UNDECIDED}
MARKS: Final = {PASS: "✓", FAIL: "✗", UNDECIDED: "?"}


class StressRow(NamedTuple):
    """A plan under a stress that was measured.

    mean, change : of company cost; None without a mean, or where there is no cost to change. [usd], [share]
    verdict      : over the limits, and the budget; None without either.
    broken, undecided : limits that it breaks, and of which these worlds do not decide it.
    """

    stress: str
    plan: str
    mean: float | None
    p50: float
    change: float | None
    verdict: Verdict | None
    broken: tuple[str, ...]
    undecided: tuple[str, ...]


def stress_rows(suite: StressSuite) -> list[StressRow]:
    """Every plan under every stress, the scenario as it is first."""
    with_budget = budget_is_judged(suite)
    return [_row(name, plan, outcome, with_budget) for name, plan, outcome in suite.measured()]


def budget_is_judged(suite: StressSuite) -> bool:
    """Whether cost is held against the budget beside the limits."""
    return suite.study.budget is not None and not {"cost_p90", "prob_over_budget"} & suite.limits.most.keys()


def _row(stress: str, plan: str, outcome: PlanOutcome, with_budget: bool) -> StressRow:
    said = {name: limit.verdict for name, limit in outcome.limits.items()}
    if outcome.kept is not None and with_budget:
        said[BUDGET] = VERDICTS[outcome.kept]
    return StressRow(
        stress,
        plan,
        outcome.mean,
        outcome.p50,
        outcome.change_share,
        worst(list(said.values())),
        tuple(name for name, each in said.items() if each == FAIL),
        tuple(name for name, each in said.items() if each == UNDECIDED),
    )
