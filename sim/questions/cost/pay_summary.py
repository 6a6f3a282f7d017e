"""What the summary says of pay: of a period, of attainment, and how evenly payees are paid."""

from sim.summary.entry import ABSENT, Entry, count, measured, share, text, usd
from sim.summary.estimate import CI95, SE, Interval


class AttainmentEntry(Entry):
    """Attainment over payees' periods."""

    mean: float | None = share("Mean over worlds; absent where pay has no mean.", ABSENT, mean=True)
    se: float | None = share(SE, ABSENT, mean=True)
    ci95: Interval | None = share(CI95, ABSENT, mean=True)
    p5: float | None = share("Quantile over payees' periods.", ABSENT)
    p10: float | None = share("Quantile over payees' periods.", ABSENT)
    p25: float | None = share("Quantile over payees' periods.", ABSENT)
    p50: float | None = share("Median over payees' periods.", ABSENT)
    p75: float | None = share("Quantile over payees' periods.", ABSENT)
    p90: float | None = share("Quantile over payees' periods.", ABSENT)
    p95: float | None = share("Quantile over payees' periods.", ABSENT)


class PayOfPeriod(Entry):
    """Variable pay of a period, over payees' periods."""

    p5: float = usd("Quantile over payees' periods.")
    p10: float = usd("Quantile over payees' periods.")
    p25: float = usd("Quantile over payees' periods.")
    p50: float = usd("Median over payees' periods.")
    p75: float = usd("Quantile over payees' periods.")
    p90: float = usd("Quantile over payees' periods.")
    p95: float = usd("Quantile over payees' periods.")


class PerformanceEntry(Entry):
    """Pay for performance."""

    step: float = share("Width of a bin of attainment.")
    density: tuple[float, ...] = share("Of payees' periods in each bin; the last holds all that lies higher.")
    curve: tuple[tuple[float, float], ...] | None = measured(
        "share, multiple of target",
        "The payout curve, straight between its points; absent where it is not all.",
        ABSENT,
    )
    no_curve: str | None = text("Why one curve is not all that pays.", ABSENT)

    @property
    def below_target(self) -> float:
        """Payees' periods below 100 %. [share]"""
        return sum(self.density[: round(1.0 / self.step)])


class PayEntry(Entry):
    """What a payee earns in a period, and how evenly payees are paid over the horizon."""

    target: float | None = usd("Target bonus of a period; absent without one.", ABSENT)
    cap: float | None = usd("Most that a period pays; absent without one.", ABSENT)
    attainment: AttainmentEntry | None = text("Absent without a quota.", ABSENT)
    performance: PerformanceEntry | None = text("Absent without a quota.", ABSENT)
    per_period: PayOfPeriod = text("Its quantiles.")
    share_below_target: float | None = share("Of payees' periods.", ABSENT)
    share_zero_pay: float = share("Of payees' periods without any bonus.")
    share_zero_pay_se: float | None = share(SE, ABSENT)
    share_at_target: float | None = share("Of payees' periods at or above target.", ABSENT)
    share_at_target_se: float | None = share(SE, ABSENT)
    share_at_cap: float | None = share("Of payees' periods at the cap.", ABSENT)
    share_at_cap_se: float | None = share(SE, ABSENT)
    share_quota_exhausted: float | None = share("Of payees' periods in which no quota was left.", ABSENT)
    share_quota_exhausted_se: float | None = share(SE, ABSENT)
    volatility: float | None = measured("1", "A payee's pay between periods, sd over mean.", ABSENT)
    volatility_se: float | None = measured("1", SE, ABSENT)
    gini: float | None = measured("1", "Of payees' pay over the horizon, 0 = equal.", ABSENT)
    gini_se: float | None = measured("1", SE, ABSENT)
    top_fifth_share: float | None = share("Of pay, what the fifth who earn most earns.", ABSENT)
    top_fifth_share_se: float | None = share(SE, ABSENT)
    quota_exhausted: int = count("Payees' periods in which no quota was left, in all worlds.")
