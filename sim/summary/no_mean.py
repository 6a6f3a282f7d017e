"""Why a mean is not told: what stands in its place."""

from sim.summary.entry import ABSENT, Entry, measured, share, text


class NoMean(Entry):
    """Why a mean is not told."""

    decided_by: str = text(
        "plan: a clause lets pay have no mean, and these worlds show it; data: the worlds alone."
    )
    index: float | None = measured(
        "1", "Pareto's index of the tail; below 2 the variance is infinite.", ABSENT
    )
    se: float | None = measured("1", "Its standard error.", ABSENT)
    why: str = text("In a sentence.")
    mend: str | None = text("Key of the plan file that would bound it, where the plan decided.", ABSENT)
    near: float | None = share("Of payees' periods, those with next to no quota left.", ABSENT)
