"""The ``[limits]`` table of a study: what a plan must keep to, and whether an estimate says that it does."""

from typing import Annotated, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field, model_serializer

from sim.engine.study import Declared, StudyTable
from sim.errors import Problem
from sim.files.share import LEAST_SHARE, PartShare, PositivePart, not_percent
from sim.files.toml import Table
from sim.measure.estimate import Centre
from sim.summary.entry import ABSENT, Entry, measured, text
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


class PayeeCut(Table):
    """How many CSMs may lose pay against the baseline plan in the same world.

    by    : loss of pay over the horizon, salary included, that counts. [share]
    share : of CSMs of a world who may lose so much, on average. [share]
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
    payee_cut        : how many CSMs may lose pay against the baseline plan.
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
    payee_cut: PayeeCut | None = None
    exposure: Ratio | None = None

    @property
    def most(self) -> dict[str, float]:
        """What each limit that is asked allows at most."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        plain = {
            name: each.share if isinstance(each, LowPay | PayCut | PayeeCut) else each
            for name, each in found.items()
        }
        return {name: float(each) for name, each in plain.items() if each is not None}

    def losses(self) -> tuple[float, ...]:
        """The loss of pay against the baseline that is counted."""
        return () if self.payee_cut is None else (self.payee_cut.by,)

    def faults(self, where: str, study: Declared) -> list[Problem]:
        """What is wrong between limits and the study."""
        return check_limits(where, self, study.budget)


class Judged(Entry):
    """An estimate beside its limit, each in the limit's own unit.

    low, high : of what is known between two ends, the lower end less its error and the upper one with its error.
    """

    value: float = measured("in the limit's unit", "The estimate; the lower of two ends where there are two.")
    low: float | None = measured("in the limit's unit", "Lower end at 95 %; null where worlds are too few.")
    high: float | None = measured("in the limit's unit", "Upper end; null too where nothing bounds it.")
    most: float = measured("in the limit's unit", "Allowed.")
    verdict: Verdict = text("Of the interval beside the limit.")
    upper: float | None = measured("in the limit's unit", "The upper of two ends.", ABSENT)

    @model_serializer
    def _with_ends(self) -> dict[str, float | str | None]:
        """An end that is not known stands there as null."""
        ends = {} if self.upper is None else {"upper": self.upper}
        return {name: getattr(self, name) for name in ("value", "low", "high", "most", "verdict")} | ends


def judge(value: float, interval: tuple[float, float] | None, most: float) -> Judged:
    """Pass where the whole 95 % interval keeps to the limit, fail where all of it is beyond, else undecided.

    Each verdict stands alone: among twenty that truly sit on their limits, one is expected to be wrong.
    """
    if interval is None:
        return Judged(value=value, low=None, high=None, most=most, verdict=UNDECIDED)
    low, high = interval
    verdict: Verdict = PASS if high <= most else FAIL if low > most else UNDECIDED
    return Judged(value=value, low=low, high=high, most=most, verdict=verdict)


def judge_ends(lower: Centre, upper: Centre | None, most: float) -> Judged:
    """Of what lies between two ends: pass where the upper end with its error keeps to the limit, fail where the lower end
    less its error is beyond it, else undecided. Without an upper end nothing passes.
    """
    far = None if upper is None else upper.value
    if lower.ci95 is None or (upper is not None and upper.ci95 is None):
        return Judged(value=lower.value, low=None, high=None, most=most, verdict=UNDECIDED, upper=far)
    low = lower.ci95[0]
    if upper is None or upper.ci95 is None:
        return Judged(
            value=lower.value, low=low, high=None, most=most, verdict=FAIL if low > most else UNDECIDED
        )
    return judge(lower.value, (low, upper.ci95[1]), most).model_copy(update={"upper": far})


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
