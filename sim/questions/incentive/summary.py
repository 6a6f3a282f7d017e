"""What the summary says of what plans reward."""

from sim.summary.entry import ABSENT, Entry, Part, count, measured, share, text, usd
from sim.summary.summary import Summary

RATE = "usd/usd"
"""Pay for one more usd of ARR."""
FOR = "CSM-year"


class Sample(Entry):
    """What was measured."""

    worlds: int = count("Of the study, from the first on.")
    books: int = count("Books, spread over all of them.")


class Spread(Entry):
    """Pay per usd over renewals and worlds; without mean and sd where pay has no mean."""

    mean: float | None = measured(RATE, "Every renewal alike.", ABSENT, mean=True)
    sd: float | None = measured(RATE, "Standard deviation.", ABSENT, mean=True)
    p10: float = measured(RATE, "10th percentile.")
    p50: float = measured(RATE, "Median.")
    p90: float = measured(RATE, "90th percentile.")


class SaveGroup(Entry):
    """What saves pay in a group of renewals. Shares are absent without a linear rate to compare with, ``save`` where pay
    has no mean.
    """

    save: float | None = measured(RATE, "Pay for a usd of ARR saved.", ABSENT, mean=True)
    save_se: float | None = measured(RATE, "Standard error of save.", ABSENT, mean=True)
    dead_zone_share: float | None = share("Of saves, that pay under 5 % of the linear rate.", ABSENT)
    dead_zone_share_se: float | None = share("Standard error of dead_zone_share.", ABSENT)
    jackpot_share: float | None = share("Of saves, that pay over three times the linear rate.", ABSENT)
    jackpot_share_se: float | None = share("Standard error of jackpot_share.", ABSENT)
    share_of_renewals: float | None = share("Of renewals that are in the group.", ABSENT)


class NextSave(Entry):
    """One more average account in a period; empty without a linear rate to compare with."""

    mean: float | None = measured(RATE, "Pay per usd.", ABSENT, mean=True)
    dead_share: float | None = share("How often it pays under 5 % of the linear rate.", ABSENT)
    double_share: float | None = share("How often it pays at least twice the linear rate.", ABSENT)


class Pay(Entry):
    """Pay of a CSM."""

    per_csm_year: float = usd("Mean variable pay.", per=FOR)
    per_csm_year_se: float = usd("Standard error of per_csm_year.", per=FOR)
    sd_per_period: float = usd("Standard deviation of a period's pay between worlds.", per="CSM-period")


class AtEqualCost(Entry):
    """The plan with its target bonus scaled to the baseline's expected pay."""

    scale: float = measured("factor", "On the target bonus.")
    save: float = measured(RATE, "Pay for a usd of ARR saved.")
    risk_premium: float = usd("Risk premium.", per=FOR)
    save_per_1000_usd_risk: float | None = measured(
        "usd/usd per 1000 usd", "save over thousands of risk_premium.", ABSENT
    )


class Reward(Entry):
    """Pay for one more usd of ARR, by what is done for it, and how evenly. A contrast is absent where no renewal has it;
    means are where pay has none.
    """

    sample: Sample = text("What was measured.")
    save: float | None = measured(
        RATE, "The renewal kept against lost, at-risk accounts weighing most.", ABSENT, mean=True
    )
    save_se: float | None = measured(RATE, "Standard error of save.", ABSENT, mean=True)
    on_time: float | None = measured(RATE, "Booked on the due date against late.", ABSENT, mean=True)
    on_time_se: float | None = measured(RATE, "Standard error of on_time.", ABSENT, mean=True)
    on_time_per_day: float | None = measured("usd/usd/day", "on_time over the days late.", ABSENT, mean=True)
    early: float | None = measured(RATE, "Booked a period early against on time.", ABSENT, mean=True)
    early_se: float | None = measured(RATE, "Standard error of early.", ABSENT, mean=True)
    late: float | None = measured(RATE, "Booked late against lost.", ABSENT, mean=True)
    late_se: float | None = measured(RATE, "Standard error of late.", ABSENT, mean=True)
    expand: float | None = measured(RATE, "Kept with expansion against without.", ABSENT, mean=True)
    expand_se: float | None = measured(RATE, "Standard error of expand.", ABSENT, mean=True)
    grow: float | None = measured(RATE, "For a usd of expansion between renewals.", ABSENT, mean=True)
    grow_se: float | None = measured(RATE, "Standard error of grow.", ABSENT, mean=True)
    onboard: float | None = usd("For a new account onboarded in time.", ABSENT, per="account", mean=True)
    onboard_se: float | None = usd("Standard error of onboard.", ABSENT, per="account", mean=True)
    kpi: float | None = usd(
        "If KPIs read every account's health a tenth of a standard deviation better.",
        ABSENT,
        per=FOR,
        mean=True,
    )
    kpi_se: float | None = usd("Standard error of kpi.", ABSENT, per=FOR, mean=True)
    evenness: float | None = measured("ratio", "P10 of saves over their median.", ABSENT)
    spread: dict[str, Spread] = text("Of each contrast over renewals and worlds.")
    dead_zone_share: float | None = share("Of saves, that pay under 5 % of the linear rate.", ABSENT)
    dead_zone_share_se: float | None = share("Standard error of dead_zone_share.", ABSENT)
    jackpot_share: float | None = share("Of saves, that pay over three times the linear rate.", ABSENT)
    jackpot_share_se: float | None = share("Standard error of jackpot_share.", ABSENT)
    by_zone: dict[str, SaveGroup] = text("Saves by attainment of the period as the renewal would leave it.")
    by_segment: dict[str, SaveGroup] = text("Saves by segment.")
    next_save: NextSave = text("One more average account in a period.")
    line_of_sight: float | None = share("Of a period's pay that its renewals explain.", ABSENT, mean=True)
    line_of_sight_se: float | None = share("Standard error of line_of_sight.", ABSENT, mean=True)
    skill_share: float | None = share(
        "Of the variance of pay between CSMs that is their skill.", ABSENT, mean=True
    )
    skill_share_se: float | None = share("Standard error of skill_share.", ABSENT, mean=True)
    periods_until_ranked: float | None = count(
        "Periods until mean pay ranks CSMs by skill reliably.", ABSENT, mean=True
    )
    pay: Pay | None = text("Of a CSM.", ABSENT, mean=True)
    risk_premium: float | None = usd(
        "What certain pay could be lower, by variance.", ABSENT, per=FOR, mean=True
    )
    risk_premium_se: float | None = usd("Standard error of risk_premium.", ABSENT, per=FOR, mean=True)
    risk_premium_tail: float | None = share("The largest part of it that one world adds.", ABSENT, mean=True)
    certain_pay: float | None = usd(
        "Certain pay that would be as good, by exponential utility.", ABSENT, per=FOR
    )
    certain_pay_se: float | None = usd("Standard error of certain_pay.", ABSENT, per=FOR)
    risk_premium_certain: float | None = usd("Mean pay less certain_pay.", ABSENT, per=FOR, mean=True)
    risk_premium_certain_se: float | None = usd(
        "Standard error of risk_premium_certain.", ABSENT, per=FOR, mean=True
    )
    median_pay: float | None = usd("Median over worlds, mean over books.", ABSENT, per=FOR)
    at_equal_cost: AtEqualCost | None = text("At the baseline's expected pay.", ABSENT, mean=True)
    timing_to_saving: float | None = measured(
        "ratio", "Pay per usd moved over pay per usd saved: above 1 moving pays more.", ABSENT
    )


class IncentiveOfPlan(Part):
    """What a plan rewards; of a role set what all its roles together are paid for a book, and each role by itself."""

    incentive: Reward | None = text("Pay for one more usd of ARR.", ABSENT)
    incentive_by_role: dict[str, Reward] | None = text(
        "The same of each role of a role set that is paid on a book that was measured.", ABSENT
    )


def rewards(summary: Summary) -> dict[str, Reward]:
    """Of every plan and role set."""
    return summary.where(IncentiveOfPlan, lambda part: part.incentive)


def rewards_by_role(summary: Summary) -> dict[str, Reward]:
    """The same, a role set followed by its roles."""
    found: dict[str, Reward] = {}
    for name, plan in summary.plans.items():
        part = plan.of(IncentiveOfPlan)
        if part.incentive is not None:
            found[name] = part.incentive
        found |= {f"{name} · {role}": each for role, each in (part.incentive_by_role or {}).items()}
    return found
