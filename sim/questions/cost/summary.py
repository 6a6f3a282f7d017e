"""What the summary says of the cost of plans, of pay and of what the company keeps."""

from collections.abc import Iterator
from typing import Self

from sim.questions.cost.pay_summary import PayEntry
from sim.summary.entry import ABSENT, Entry, Part, count, measured, share, text, usd
from sim.summary.estimate import CI95, SE, Estimate, Interval, OverBudget
from sim.summary.no_mean import NoMean
from sim.summary.summary import Summary

QUANTILES_CI95 = "95 % intervals of the quantiles; without those of too few worlds."


class CostSpread(Estimate):
    """Company cost over worlds."""

    p10: float = usd("Quantile over worlds.")
    p50: float = usd("Median over worlds.")
    p90: float = usd("Quantile over worlds.")


class CostOfYear(CostSpread, OverBudget):
    """Company cost of one year of the horizon, from its first day."""

    year: int = count("From 1.")
    starts: str = text("First day, ISO.")
    periods: int = count("Of the horizon, in the year.")
    quantile_ci95: dict[str, tuple[float, float]] = usd("95 % intervals of the quantiles.")
    budget: float | None = usd("Of the year; absent without one.", ABSENT)


class CostWithoutHires(CostSpread, OverBudget):
    """Company cost over the horizon without the planned hires."""


class Cost(Estimate, OverBudget):
    """Company cost of a plan over the horizon, planned hires included."""

    sd: float | None = usd("Spread of single worlds.", ABSENT, mean=True)
    p5: float = usd("Quantile over worlds.")
    p10: float = usd("Quantile over worlds.")
    p25: float = usd("Quantile over worlds.")
    p50: float = usd("Median over worlds.")
    p75: float = usd("Quantile over worlds.")
    p90: float = usd("Quantile over worlds.")
    p95: float = usd("Quantile over worlds.")
    p99: float = usd("Quantile over worlds.")
    quantile_ci95: dict[str, Interval] = usd(QUANTILES_CI95)
    cvar95: float | None = usd("Mean of the dearest 5 % of worlds.", ABSENT, mean=True)
    cvar95_se: float | None = usd(SE, ABSENT, mean=True)
    reserve: float = usd("P90 less P50.")
    reserve_ci95: Interval | None = usd("Its 95 % interval; absent with too few worlds.", ABSENT)
    per_csm_year_p50: float = usd("Its median.", per="CSM-year")
    per_csm_year: float | None = usd("Mean cost.", ABSENT, per="CSM-year", mean=True)
    per_csm_year_se: float | None = usd(SE, ABSENT, per="CSM-year", mean=True)
    per_usd_retained: float | None = usd(
        "Cost per usd of ARR that came due and was renewed.", ABSENT, per="usd", mean=True
    )
    per_usd_retained_se: float | None = usd(SE, ABSENT, per="usd", mean=True)
    fragile: bool | None = text("Whether the means rest on a few worlds; absent where they do not.", ABSENT)
    tail: NoMean | None = text("Why there is no mean, where there is none.", ABSENT)

    @property
    def sound(self) -> bool:
        """Whether there is a mean that is to be relied on."""
        return self.mean is not None and not self.fragile


class CostOfPeriod(Estimate):
    """Company cost of a plan in one period."""

    period: int = count("From 0.")
    label: str = text("Of the period.")
    sd: float | None = usd("Spread of single worlds.", ABSENT, mean=True)
    p10: float = usd("Quantile over worlds.")
    p50: float = usd("Median over worlds.")
    p90: float = usd("Quantile over worlds.")
    quantile_ci95: dict[str, Interval] = usd(QUANTILES_CI95)


class Seats(Entry):
    """Open territories of a role."""

    open_share: float | None = share("Of CSM-periods without a CSM.", ABSENT)
    open_share_se: float | None = share(SE, ABSENT)
    hires: float | None = count("CSMs who take over a book.", ABSENT)
    hires_se: float | None = count(SE, ABSENT)
    pay_held: float | None = usd("Pay of a period in a seat held throughout.", ABSENT, mean=True)
    pay_held_se: float | None = usd(SE, ABSENT, mean=True)
    pay_new: float | None = usd("Pay of a newcomer's period.", ABSENT, mean=True)
    pay_new_se: float | None = usd(SE, ABSENT, mean=True)
    pay_open: float | None = usd("Pay of a period in a seat vacant for a part of it.", ABSENT, mean=True)
    pay_open_se: float | None = usd(SE, ABSENT, mean=True)
    attainment_held: float | None = share("Attainment in a seat held throughout.", ABSENT, mean=True)
    attainment_held_se: float | None = share(SE, ABSENT, mean=True)
    attainment_new: float | None = share("Attainment of a newcomer.", ABSENT, mean=True)
    attainment_new_se: float | None = share(SE, ABSENT, mean=True)
    attainment_open: float | None = share(
        "Attainment in a seat vacant for a part of the period.", ABSENT, mean=True
    )
    attainment_open_se: float | None = share(SE, ABSENT, mean=True)
    leave: int | None = count("CSMs who leave on a day that a people file knows.", ABSENT)
    join: int | None = count("CSMs who take a seat on such a day.", ABSENT)
    covered: int | None = measured("day", "Until a leaver's successor takes over the book.", ABSENT)


class RoleCost(Entry):
    """What one role costs over the horizon, before planned hires."""

    plan: str = text("By which the role is paid.")
    payees: int = count("Who are paid.")
    books_each: int = count("Books of a payee.")
    mean: float | None = usd("Mean over worlds.", ABSENT, mean=True)
    se: float | None = usd(SE, ABSENT, mean=True)
    sd: float | None = usd("Spread of single worlds.", ABSENT, mean=True)
    p5: float = usd("Quantile over worlds.")
    p50: float = usd("Median over worlds.")
    p95: float = usd("Quantile over worlds.")
    variable: float | None = usd("Mean variable pay.", ABSENT, mean=True)
    variable_se: float | None = usd(SE, ABSENT, mean=True)
    base: float = usd("Mean salaries.")
    on_cost: float | None = usd("The employer's cost on pay.", ABSENT, mean=True)
    salaries_saved: float | None = usd("Of open territories; absent where nobody leaves.", ABSENT)
    seats: Seats | None = text("Open territories; absent where nobody leaves.", ABSENT)


class CostParts(Entry):
    """What cost consists of, means over worlds; early, late, on_time and uncredited add up to variable."""

    variable: float | None = usd("Variable pay; absent where it has no mean.", ABSENT, mean=True)
    variable_se: float | None = usd(SE, ABSENT, mean=True)
    variable_ci95: Interval | None = usd(CI95, ABSENT, mean=True)
    variable_p50: float = usd("Median variable pay.")
    early: float | None = usd(
        "Paid for renewals booked early; absent where more than renewals is paid for.", ABSENT, mean=True
    )
    early_se: float | None = usd(SE, ABSENT, mean=True)
    late: float | None = usd("Paid for renewals booked late.", ABSENT, mean=True)
    late_se: float | None = usd(SE, ABSENT, mean=True)
    on_time: float | None = usd("Paid for renewals booked on time.", ABSENT, mean=True)
    on_time_se: float | None = usd(SE, ABSENT, mean=True)
    uncredited: float | None = usd("Paid in periods in which nothing was there to renew.", ABSENT, mean=True)
    uncredited_se: float | None = usd(SE, ABSENT, mean=True)
    base: float = usd("Salaries.")
    base_se: float | None = usd("Its standard error, where seats can be vacant.", ABSENT)
    on_cost: float | None = usd("The employer's cost on pay.", ABSENT, mean=True)
    on_cost_se: float | None = usd(SE, ABSENT, mean=True)
    hires: float | None = usd(
        "What planned hires add, with on-cost; absent where none is planned.", ABSENT, mean=True
    )
    hires_se: float | None = usd(SE, ABSENT, mean=True)


class CostDifference(Estimate):
    """Cost of a plan less the baseline's, world by world. It may have a mean where the costs have none."""

    def without_means(self) -> Self:
        """Without means only where the difference itself has none."""
        return self if self.tail is None else super().without_means()

    sd: float | None = usd("Spread of single worlds.", ABSENT, mean=True)
    p5: float = usd("Quantile over worlds.")
    p50: float = usd("Median over worlds.")
    p95: float = usd("Quantile over worlds.")
    quantile_ci95: dict[str, Interval] = usd(QUANTILES_CI95)
    share_of_baseline: float | None = share("The mean, of the baseline's cost.", ABSENT, mean=True)
    largest_world_share: float | None = share(
        "Of the summed absolute difference, what one single world carries; absent where nothing differs.",
        ABSENT,
    )
    fragile: bool | None = text(
        "Whether the mean rests on a few worlds; absent where it does not.", ABSENT, mean=True
    )
    tail: NoMean | None = text("Why there is no mean, where there is none.", ABSENT)
    share_dearer: float = share("Of worlds in which the plan costs more.")
    share_dearer_se: float = share(SE)
    share_dearer_ci95: Interval = share(CI95)
    p: float | None = share("That chance explains it, adjusted for all plans together.", ABSENT)
    told_apart: bool | None = text("Whether chance does not explain it, all plans considered.", ABSENT)

    @property
    def sound(self) -> bool:
        """Whether there is a mean that is to be relied on."""
        return self.mean is not None and not self.fragile

    def value(self, statistic: str) -> float:
        """The statistic by which plans are ordered. [usd]"""
        return self.mean if statistic == "mean" and self.mean is not None else self.p50


class RetentionEntry(Entry):
    """What the company keeps."""

    grr: float | None = share("Gross revenue retention of a year.", ABSENT)
    grr_se: float | None = share(SE, ABSENT)
    nrr: float | None = share("Net revenue retention of a year.", ABSENT)
    nrr_se: float | None = share(SE, ABSENT)
    gross_renewal_rate: float | None = share("Of ARR due, what is renewed without growth.", ABSENT)
    gross_renewal_rate_se: float | None = share(SE, ABSENT)
    net_renewal_rate: float | None = share("Of ARR due, what is renewed with growth.", ABSENT)
    net_renewal_rate_se: float | None = share(SE, ABSENT)
    on_time_rate: float | None = share("Of ARR due, what is renewed by its due day.", ABSENT)
    on_time_rate_se: float | None = share(SE, ABSENT)
    closing_arr: float = usd("ARR on the last day.")
    closing_arr_se: float = usd(SE)


class CostOfPlan(Part):
    """What a plan costs, pays and keeps."""

    title: str = text("What the plan is.")
    cost: Cost = text("Company cost over the horizon.")
    cost_by_period: tuple[CostOfPeriod, ...] = text("The same by period.")
    cost_by_role: dict[str, RoleCost] = text("The same by role, before planned hires.")
    cost_parts: CostParts = text("What it consists of.")
    vs_baseline: CostDifference = text("Cost less the baseline's.")
    convexity: Estimate | None = text(
        "Mean pay less the pay if every payee had the mean attainment in every period; absent where one curve on "
        "renewals is not all that is paid by.",
        ABSENT,
        mean=True,
    )
    retention: RetentionEntry = text("What the company keeps.")
    pay: PayEntry = text("What payees of the first role earn.")
    pay_by_role: dict[str, PayEntry] | None = text("Of each role, where there are several.", ABSENT)
    not_modelled: tuple[str, ...] | None = text("What of the plan is not modelled.", ABSENT)

    @property
    def fragile(self) -> bool:
        """Whether there is a mean, and it rests on a few worlds."""
        return bool(self.cost.fragile) and self.cost.mean is not None

    @property
    def pays(self) -> Iterator[tuple[str | None, PayEntry]]:
        """What payees earn, by role; the role is None where there is one."""
        yield from self.pay_by_role.items() if self.pay_by_role else ((None, self.pay),)


class Order(Entry):
    """Which plans are dearest and cheapest."""

    statistic: str = text("mean of paired differences; median where a plan has no mean to be relied on.")
    dearest: tuple[str, ...] = text(
        "The plan of the highest value, and those that are not told apart from it."
    )
    cheapest: tuple[str, ...] = text(
        "The plan of the lowest value, and those that are not told apart from it."
    )
    same: tuple[str, ...] = text("Plans whose cost is the baseline's in every world.")


class CostOfStudy(Part):
    """How plans are ordered."""

    order: Order | None = text("By cost; absent where there is one plan.", ABSENT)


def costs_of_plans(summary: Summary) -> dict[str, Cost]:
    """Company cost of every plan."""
    return {name: plan.of(CostOfPlan).cost for name, plan in summary.plans.items()}


def differences_of_plans(summary: Summary) -> dict[str, CostDifference]:
    """Of every plan but the baseline, its cost less the baseline's."""
    plans = summary.plans.items()
    return {name: plan.of(CostOfPlan).vs_baseline for name, plan in plans if name != summary.study.baseline}


def same_as_baseline(summary: Summary) -> tuple[str, ...]:
    """The plans whose cost is the baseline's in every world."""
    order = summary.of(CostOfStudy).order
    return () if order is None else order.same
