"""The ``[limits]`` table of a study: what a plan must keep to, and whether an estimate says that it does."""

from typing import Annotated, ClassVar, Final, Literal, NamedTuple

from pydantic import BeforeValidator, Field

from sim.engine.study import Declared, StudyTable
from sim.errors import Problem
from sim.files.share import LEAST_SHARE, PartShare, PositivePart, not_percent
from sim.files.toml import Table
from sim.measure.estimate import Centre
from sim.world.segment import Share

PASS: Final = "pass"
FAIL: Final = "fail"
UNDECIDED: Final = "undecided"
Verdict = Literal["pass", "fail", "undecided"]

Ratio = PositivePart


class LowPay(Table):
    """How often pay may be low.

    below : pay of a period below this part of the target bonus is low. [share of target]
    share : of CSMs' periods that may have it. [share]
    """

    below: PositivePart
    share: Share


class PayCut(Table):
    """How many CSMs may lose pay against the same plan without the stress.

    by    : loss of expected variable pay over the horizon that counts. [share]
    share : of CSMs who may lose so much. [share]
    """

    by: Annotated[PartShare, Field(ge=LEAST_SHARE)]
    share: Share


class Limits(StudyTable):
    """The ``[limits]`` table; a limit that is left out is not asked.

    cost_p90         : P90 of company cost over the horizon. [share of the budget]
    prob_over_budget : probability that company cost exceeds the budget. [share]
    cost_rise        : mean company cost against the same plan without the stress. [share, 0.05 is 5 % more]
    variable_of_arr  : variable pay with on-cost per usd of ARR that came due and was kept. [usd/usd]
    cost_of_arr      : company cost per usd of it. [usd/usd]
    low_pay          : how often pay may be low.
    pay_cut          : how many CSMs may lose pay.
    exposure         : what CSMs gain by choosing booking dates, where a stress lets them, judged on both ends of
        what is known. [share of variable pay]
    """

    key: ClassVar[str] = "limits"

    cost_p90: Ratio | None = None
    prob_over_budget: Share | None = None
    cost_rise: Annotated[float, Field(ge=-1.0, le=10.0), BeforeValidator(not_percent(10))] | None = None
    variable_of_arr: Ratio | None = None
    cost_of_arr: Ratio | None = None
    low_pay: LowPay | None = None
    pay_cut: PayCut | None = None
    exposure: Ratio | None = None

    @property
    def most(self) -> dict[str, float]:
        """What each limit that is asked allows at most."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        plain = {
            name: each.share if isinstance(each, LowPay | PayCut) else each for name, each in found.items()
        }
        return {name: float(each) for name, each in plain.items() if each is not None}

    def faults(self, where: str, study: Declared) -> list[Problem]:
        """What is wrong between limits and the study."""
        return check_limits(where, self, study.budget)


class Judged(NamedTuple):
    """An estimate beside its limit.

    low, high : 95 % interval, None where there are too few worlds for one. Of what is known between two ends, the lower end
        less its error and the upper one with its error; ``high`` is None where nothing bounds it.
    upper     : the upper of two ends, of which ``value`` is the lower; None where there is one value, or no bound.
    """

    value: float
    low: float | None
    high: float | None
    most: float
    verdict: Verdict
    upper: float | None = None

    def entry(self) -> dict[str, float | str | None]:
        """As it stands in ``summary.json``."""
        plain = self._asdict()
        return plain if self.upper is not None else {k: v for k, v in plain.items() if k != "upper"}


def judge(value: float, interval: tuple[float, float] | None, most: float) -> Judged:
    """Pass where the whole 95 % interval keeps to the limit, fail where all of it is beyond, else undecided.

    Each verdict stands alone: among twenty that truly sit on their limits, one is expected to be wrong.
    """
    if interval is None:
        return Judged(value, None, None, most, UNDECIDED)
    low, high = interval
    verdict: Verdict = PASS if high <= most else FAIL if low > most else UNDECIDED
    return Judged(value, low, high, most, verdict)


def judge_ends(lower: Centre, upper: Centre | None, most: float) -> Judged:
    """Of what lies between two ends: pass where the upper end with its error keeps to the limit, fail where the lower end
    less its error is beyond it, else undecided. Without an upper end nothing passes.
    """
    if lower.ci95 is None or (upper is not None and upper.ci95 is None):
        return Judged(lower.value, None, None, most, UNDECIDED, None if upper is None else upper.value)
    low = lower.ci95[0]
    if upper is None or upper.ci95 is None:
        return Judged(lower.value, low, None, most, FAIL if low > most else UNDECIDED)
    return judge(lower.value, (low, upper.ci95[1]), most)._replace(upper=upper.value)


def worst(verdicts: list[Verdict]) -> Verdict | None:
    """Fail where one of them fails, else undecided where one is; None without any."""
    for each in (FAIL, UNDECIDED, PASS):
        if each in verdicts:
            return each
    return None


def check_limits(where: str, limits: Limits, budget: float | None) -> list[Problem]:
    """What is wrong between limits and the study."""
    asked = [name for name in ("cost_p90", "prob_over_budget") if getattr(limits, name) is not None]
    if budget is not None:
        return []
    return [
        Problem(
            f"{where}.{name}",
            "absent",
            str(getattr(limits, name)),
            "Without a budget there is nothing to keep.",
        )
        for name in asked
    ]
