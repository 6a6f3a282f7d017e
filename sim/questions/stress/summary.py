"""What a stress suite finds, typed: the content of ``stress.json``."""

from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from sim.files.toml import refuse
from sim.questions.stress.limits import PASS, Judged, Limits, Verdict, worst
from sim.summary.entry import ABSENT, Entry, count, measured, share, text, usd
from sim.summary.estimate import Interval, OverBudget
from sim.summary.facts import Facts
from sim.summary.model import schema_of
from sim.summary.no_mean import NoMean
from sim.world.book_source import Loss

"""Lower and upper end, at 95 %."""
Statistic = Literal["mean", "median"]


class Move(Entry):
    """What became of one number of the scenario."""

    input: str = text("Its dotted path.")
    before: int | float | None = measured(
        "in the input's unit", "As the scenario has it.", ABSENT, alias="from"
    )
    after: int | float | None = measured("in the input's unit", "After the move.", ABSENT, alias="to")
    held: bool | None = text("Where a bound kept it from moving as far as asked.", ABSENT)
    unused: bool | None = text("Where nothing reads it in this scenario.", ABSENT)


class PlanOutcome(OverBudget):
    """One plan under one stress."""

    worlds: int = count("Over which it was measured.")
    mean: float | None = usd("Company cost over the horizon; absent where it has no mean.", ABSENT)
    se: float | None = usd("Standard error of the mean.", ABSENT)
    tail: NoMean | None = text("Why there is no mean.", ABSENT)
    p10: float = usd("Company cost, in one world of ten no more.")
    p50: float = usd("Its median.")
    p90: float = usd("Company cost, in one world of ten no less.")
    quantile_ci95: dict[str, Interval] = usd("Intervals of the quantiles; without those of too few worlds.")
    statistic: Statistic = text(
        "What change and the ratios are: the mean, or the median where there is no mean."
    )
    change: float = usd("Of cost against the same plan in the scenario as it is, world by world.")
    change_se: float = usd("Standard error of the change.")
    change_ci95: Interval | None = usd("Interval of the change.", ABSENT)
    change_share: float | None = share("The change, of cost in the scenario as it is.", ABSENT)
    change_share_se: float | None = share("Its standard error.", ABSENT)
    change_share_ci95: Interval | None = share("Its interval.", ABSENT)
    pay_change_share: float | None = share(
        "Change of variable pay, of that in the scenario as it is.", ABSENT
    )
    pay_change_share_se: float | None = share("Its standard error.", ABSENT)
    pay_change_share_ci95: Interval | None = share("Its interval.", ABSENT)
    per_usd_kept: float | None = measured(
        "usd/usd", "Company cost per ARR that came due and was kept.", ABSENT
    )
    per_usd_kept_se: float | None = measured("usd/usd", "Its standard error.", ABSENT)
    per_usd_kept_ci95: Interval | None = measured("usd/usd", "Its interval.", ABSENT)
    grr: float | None = share("Gross revenue retention of a year.", ABSENT)
    grr_se: float | None = share("Its standard error.", ABSENT)
    grr_ci95: Interval | None = share("Its interval.", ABSENT)
    exposure_share: float | None = share(
        "Gained by choosing booking dates, of variable pay, at least.", ABSENT
    )
    exposure_share_se: float | None = share("Its standard error.", ABSENT)
    exposure_share_ci95: Interval | None = share("Its interval.", ABSENT)
    exposure_share_upper: float | None = share("No choice of dates gains more.", ABSENT)
    exposure_share_upper_se: float | None = share("Its standard error.", ABSENT)
    exposure_share_upper_ci95: Interval | None = share("Its interval.", ABSENT)
    limits: dict[str, Judged] = text("Every limit that is asked and has a value here.")
    verdict: Verdict | None = text("The worst over the limits; absent without any.", ABSENT)


class Stressed(Entry):
    """One stress, or the scenario as it is."""

    title: str = text("What happens.")
    why: str | None = text("Why a plan should stand it.", ABSENT)
    source: str | None = text("Where its size comes from, or the word assumption.", ABSENT)
    moves: tuple[Move, ...] | None = text("What became of each number that it moves.", ABSENT)
    leave: tuple[str, ...] | None = text("Accounts that leave, the same in all worlds.", ABSENT)
    leave_in_each_world: Loss | None = text("Accounts that leave, in each world of its own books.", ABSENT)
    csms_game: float | None = share("Of CSMs who choose booking dates as it pays them best.", ABSENT)
    not_measured: str | None = text("Why it cannot be asked in this scenario.", ABSENT)
    plans: dict[str, PlanOutcome] | None = text("By plan, what it does.", ABSENT)

    @property
    def outcomes(self) -> dict[str, PlanOutcome]:
        """By plan; empty where the stress cannot be asked."""
        return self.plans or {}


class Ends(Entry):
    """How far an input is moved both ways, in the one way that its range is given."""

    times: Interval | None = measured("factor", "Low and high end, on the value.", ABSENT)
    odds: Interval | None = measured("factor", "Low and high end, on the odds.", ABSENT)
    add: Interval | None = measured("in the input's unit", "Low and high end, added to the value.", ABSENT)


class BarOfPlan(Entry):
    """What one input does to the cost of a plan, at both ends of its range."""

    statistic: Statistic | None = text("median, where the plan's cost has no mean.", ABSENT)
    low: float = usd("Change of company cost at the low end.")
    low_se: float = usd("Its standard error.")
    high: float = usd("Change of company cost at the high end.")
    high_se: float = usd("Its standard error.")

    @property
    def swing(self) -> float:
        """The larger of the two changes. [usd]"""
        return max(abs(self.low), abs(self.high))


class BarEntry(Ends):
    """One input of the tornado."""

    source: str = text("Who says so, or that it is assumed.")
    moves_low: tuple[Move, ...] = text("What became of its numbers at the low end.")
    moves_high: tuple[Move, ...] = text("What became of its numbers at the high end.")
    plans: dict[str, BarOfPlan] = text("By plan, what it does to cost.")


class Reversal(Entry):
    """A plan that an input turns from clearly dearer to clearly cheaper than the baseline, or the other way round."""

    plan: str = text("Its name.")
    input: str = text("The input's dotted path.")
    end: Literal["low", "high"] = text("Of the input's range.")
    before: float = usd("Cost less the baseline's in the scenario as it is.", alias="from")
    after: float = usd("The same at that end.", alias="to")
    after_se: float = usd("Standard error of it.", alias="to_se")


class TornadoEntry(Entry):
    """Every input moved to both ends of its range, one at a time, those with the largest effect on the baseline first."""

    worlds: int = count("Over which changes are paired.")
    inputs: dict[str, BarEntry] = text("By dotted path, those that move the cost of some plan.")
    reversals: tuple[Reversal, ...] = text("Where one input decides which plan is dearer.")
    no_effect: tuple[str, ...] = text("Inputs that do not matter in this scenario.")
    zero: tuple[str, ...] = text("Inputs that are zero and have no range.")


class Weight(Entry):
    """One input of a direction of moves."""

    input: str = text("Its dotted path.")
    weight: float = measured("step", "Steps of its range per unit of distance.")


class Step(Entry):
    """The move of one input, in the one way that its range is given."""

    input: str = text("Its dotted path.")
    steps: float = measured("step", "One is one end of its range; factors compound.")
    times: float | None = measured("factor", "On the value.", ABSENT)
    odds: float | None = measured("factor", "On the odds.", ABSENT)
    add: float | None = measured("in the input's unit", "Added to the value.", ABSENT)


class Break(Entry):
    """The smallest move found that breaks a plan."""

    steps: float = measured("step", "Its distance; of two inputs the root of the sum of squares.")
    steps_se: float | None = measured("step", "Standard error of the distance.", ABSENT)
    low: float = measured("step", "Distance at which it is not broken.")
    high: float = measured("step", "Distance at which it is.")
    inputs: tuple[Step, ...] = text("What is moved, and how far.")
    moves: tuple[Move, ...] = text("What becomes of each number.")


class Crossing(Entry):
    """Another direction in which the plan breaks, farther away."""

    inputs: tuple[Weight, ...] = text("The direction.")
    low: float = measured("step", "Distance at which it is not broken.")
    high: float = measured("step", "Distance at which it is.")


class Nearest(Entry):
    """How far a plan is from breaking."""

    gap: float | None = measured("usd, or the limit's unit", "Value less what is allowed, as it is.", ABSENT)
    gap_se: float | None = measured("usd, or the limit's unit", "Its standard error.", ABSENT)
    one: Break | None = text("By one input.", ABSENT)
    one_others: tuple[Crossing, ...] | None = text("Other single inputs that break it.", ABSENT)
    two: Break | None = text("By two inputs, where that is nearer.", ABSENT)
    two_others: tuple[Crossing, ...] | None = text("Other directions between two inputs.", ABSENT)
    two_no_nearer: float | None = measured("step", "Distance by two inputs, where one is as near.", ABSENT)
    status: Literal["not measured", "broken as it is", "none within reach", "found"] = text(
        "Where it stands."
    )


class Reverse(Entry):
    """The smallest move that breaks the budget or a limit."""

    worlds: int = count("On which it was searched.")
    breaks: str = text("budget, or the name of a limit.")
    reach: float = measured("step", "How far it was searched.")
    searched: tuple[tuple[Weight, ...], ...] = text("The directions of moves.")
    plans: dict[str, Nearest] = text("By plan.")


class Asked(Entry):
    """The ``[stress]`` table of the study, without its files and ranges."""

    cases: tuple[str, ...] = text("Shipped stresses.")
    worlds: int | None = count("Instead of the study's.", ABSENT)
    gaming_worlds: int = count("Where CSMs choose dates.")
    tornado_worlds: int = count("Of the tornado.")
    reverse_worlds: int = count("Of the reverse stress.")
    step: float = share("How far an input without a range of its own is moved, both ways.")
    reach: float = measured("step", "How far a break is searched.")
    breaks: str = text("What is to break.")
    inputs: tuple[str, ...] = text("Of the reverse stress; chosen by their effect where empty.")
    pair: tuple[str, str] | None = text("Two inputs that are moved together.", ABSENT)


class StressSuite(Entry):
    """A study under stress. The first of the stresses is the scenario as it is."""

    study: Facts = text("What was run.")
    asked: Asked = text("What was asked.")
    limits: Limits = text("What plans must keep to.")
    not_modelled: dict[str, tuple[str, ...]] = text("By plan, what of it is not modelled.")
    stresses: dict[str, Stressed] = Field(min_length=1, description="By name, the scenario as it is first.")
    tornado: TornadoEntry | None = text("Every input moved alone.", ABSENT)
    reverse: Reverse | None = text("The smallest move that breaks.", ABSENT)

    @model_validator(mode="after")
    def _of_the_same_plans(self) -> Self:
        if self.study.baseline not in self.plans:
            raise refuse(f"one of {list(self.plans)}", self.study.baseline, key="study.baseline")
        for name, stress in self.stresses.items():
            strangers = [plan for plan in stress.outcomes if plan not in self.plans]
            if strangers:
                raise refuse(f"of {list(self.plans)}", strangers, key=f"stresses.{name}.plans")
        return self

    @property
    def plans(self) -> tuple[str, ...]:
        """Names of the plans, in the order of the study."""
        return tuple(next(iter(self.stresses.values())).outcomes)

    @property
    def worlds(self) -> int:
        """Worlds of a stress; where CSMs choose dates, there are fewer. [count]"""
        return max((each.worlds for _, _, each in self.measured()), default=0)

    @property
    def verdict(self) -> Verdict:
        """Fail where some plan fails some limit under some stress, else undecided where one is undecided."""
        return worst([each.verdict for _, _, each in self.measured() if each.verdict is not None]) or PASS

    def measured(self) -> Iterator[tuple[str, str, PlanOutcome]]:
        """Name of the stress, name of the plan, and what the one does to the other, where that is known."""
        for name, stress in self.stresses.items():
            for plan, outcome in stress.outcomes.items():
                if isinstance(outcome, PlanOutcome):
                    yield name, plan, outcome


def stress_schema() -> dict[str, Any]:
    """The JSON Schema of ``stress.json``: every number with its unit and its meaning."""
    return schema_of(StressSuite)
