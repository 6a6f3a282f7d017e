"""A mean over worlds, and how often a budget is exceeded, as entries of the summary."""

from typing import Final, Literal

from sim.summary.entry import ABSENT, Entry, share, usd

Interval = tuple[float, float]
Kept = Literal["broken", "kept", "undecided"]

ALLOWED: Final = 0.05
"""A plan keeps the budget when it exceeds it in at most this share of worlds. [share]"""

SE = "Its standard error."
CI95 = "Its 95 % interval."


class Estimate(Entry):
    """A mean over worlds; absent where there is none."""

    mean: float | None = usd("Mean over worlds.", ABSENT, mean=True)
    se: float | None = usd(SE, ABSENT, mean=True)
    ci95: Interval | None = usd(CI95, ABSENT, mean=True)


class OverBudget(Entry):
    """How often cost exceeds a budget; absent without one."""

    prob_over_budget: float | None = share("Of worlds whose cost exceeds the budget.", ABSENT)
    prob_over_budget_se: float | None = share(SE, ABSENT)
    prob_over_budget_ci95: Interval | None = share(CI95, ABSENT)

    @property
    def kept(self) -> Kept | None:
        """Whether the budget is kept: broken where even the low end of the interval is beyond what is allowed."""
        if self.prob_over_budget_ci95 is None:
            return None
        low, high = self.prob_over_budget_ci95
        return "broken" if low > ALLOWED else "kept" if high <= ALLOWED else "undecided"
