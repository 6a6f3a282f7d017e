"""What the summary says of how CSMs answer a plan and what the company gets, and the card of a plan."""

from sim.summary.entry import ABSENT, Entry, Part, count, measured, share, text, usd
from sim.summary.summary import Summary

FOR = "CSM-year"


class Effort(Entry):
    """Effort of an average CSM by task, 1 today's."""

    save: float = measured("factor", "On saving renewals.")
    on_time: float = measured("factor", "On booking by the due date.")
    early: float = measured("factor", "On booking a period early.")
    late: float = measured("factor", "On recovering what is late.")
    expand: float = measured("factor", "On expansion.")
    unpaid: float = measured("factor", "On what no plan pays for.")
    grow: float | None = measured(
        "factor", "On expansion between renewals, where some plan pays for it.", ABSENT
    )
    onboard: float | None = measured("factor", "On onboarding in time, where some plan pays for it.", ABSENT)
    kpi: float | None = measured("factor", "On what KPIs read, where some plan pays for it.", ABSENT)


class Pace(Entry):
    """Effort in one period of the window that pay is for, over the plan's answer; by where the CSM stands at its start."""

    period: int = count("Of the window, from 1.")
    pace: float = measured("factor", "Mean.")
    behind: float = measured("factor", "Of the third that stands lowest.")
    middle: float = measured("factor", "Of the third between.")
    ahead: float = measured("factor", "Of the third that stands highest.")
    idle_share: float = share("Below a quarter of the usual pace: given up, or as good as there.")
    spurt_share: float = share("Above one and a half times the usual pace.")


class AtPoints(Entry):
    """The answer at one strength of the incentive."""

    net_value: float = usd("Against the reference plan.", per=FOR)
    net_value_se: float = usd("Standard error of net_value.", per=FOR)
    settled: bool = text("Whether efforts came to rest in every segment.")
    steps: int = count("Steps until they did.")
    effort: Effort = text("By task.")


class CompanyValue(Entry):
    """Net value of the company over the horizon."""

    net_value: float = usd("Against the reference plan.")
    net_value_se: float = usd("Standard error of net_value.")
    net_value_ci95: tuple[float, float] | None = usd("Its 95 % interval; absent in too few worlds.", ABSENT)


class AgainstNoPay(Entry):
    """What variable pay is worth to the company against the same salaries without it."""

    statistic: str | None = text("median where pay has no mean.", ABSENT)
    gain: float = usd("Margin on what is kept and grown more, and unpaid work done less.", per=FOR)
    gain_se: float = usd("Standard error of gain.", per=FOR)
    variable: float = usd("Variable pay with on-costs, and tooling.", per=FOR)
    variable_se: float = usd("Standard error of variable.", per=FOR)
    net_value: float = usd("Gain less variable.", per=FOR)
    net_value_se: float = usd("Standard error of net_value.", per=FOR)
    net_value_ci95: tuple[float, float] | None = usd("Its 95 % interval.", ABSENT, per=FOR)
    net_value_low: float = usd("Lowest over the strengths assumed.", per=FOR)
    net_value_high: float = usd("Highest over the strengths assumed.", per=FOR)
    tooling: float = usd("Of that, tooling.", per=FOR)
    roi: float | None = measured("usd/usd", "net_value over variable.", ABSENT)


class AssumedGaming(Entry):
    """How much of what dates can add is taken."""

    propensity: float = share("Of exposure that CSMs take.")
    discount: float = measured("usd/usd", "Given on what is moved.")


class Swing(Entry):
    """Net value at two values of one input, the others as they are."""

    low: float = measured("in unit of the input", "Lower value.")
    high: float = measured("in unit of the input", "Higher value.")
    net_value: tuple[float, float] = usd("At the lower and at the higher value.", per=FOR)
    rank: tuple[int, int] | None = count(
        "Place of the plan there, 1 the highest; of inputs all plans have.", ABSENT
    )

    @property
    def width(self) -> float:
        """How far net value moves. [usd per CSM-year]"""
        return abs(self.net_value[1] - self.net_value[0])


class PlanResponse(Entry):
    """What a plan is worth once CSMs answer it, per CSM-year against the reference plan."""

    statistic: str | None = text("median where pay, or that of the reference, has no mean.", ABSENT)
    reference: str = text("The plan it is held against.")
    clauses: int = count("Rules that a CSM has to know.")
    pay_growth: float = share("Growth of cost if every account is a tenth larger and the plan stays.")
    net_value: float = usd("Margin kept and grown more, less cost.", per=FOR)
    net_value_se: float = usd("Standard error of net_value, that of the efforts included.", per=FOR)
    net_value_se_effort: float | None = usd("The part of it from the efforts solved for.", ABSENT, per=FOR)
    net_value_ci95: tuple[float, float] | None = usd(
        "Its 95 % interval, the error of the efforts included; absent in too few worlds.", ABSENT, per=FOR
    )
    not_told_from: tuple[str, ...] | None = text(
        "Plans whose net value the same worlds do not tell apart from this one's, nearest first.", ABSENT
    )
    net_value_low: float = usd("Lowest over the strengths assumed.", per=FOR)
    net_value_high: float = usd("Highest over the strengths assumed.", per=FOR)
    cost_added: float = usd("Cost more than the reference.", per=FOR)
    company: CompanyValue = text("The same over the horizon.")
    roi: float | None = measured("usd/usd", "Net value per usd of cost added, where cost is added.", ABSENT)
    cost_per_usd_kept: float | None = measured("usd/usd", "Cost per usd of ARR due that is booked.", ABSENT)
    cost_per_usd_kept_se: float | None = measured("usd/usd", "Standard error of cost_per_usd_kept.", ABSENT)
    kept_rate: float | None = share("Booked of what came due.", ABSENT)
    kept_rate_se: float | None = share("Standard error of kept_rate.", ABSENT)
    csm_gain: float = usd("Certain pay and salary less the cost of effort, against the reference.", per=FOR)
    csm_effort_cost: float = usd("Cost of effort more than today.", per=FOR)
    net_value_whole: float = usd("Net value less the raise that CSMs who lose would need.", per=FOR)
    assumed: AssumedGaming = text("How much of exposure is taken.")
    effort: Effort = text("In the middle of the strengths assumed.")
    unique: bool = text("Whether efforts from several starts agree.")
    other_effort: Effort | None = text("Where they do not: the other answer.", ABSENT)
    by_points: dict[str, AtPoints] = text("By gross-retention points that zero incentive would cost.")
    tornado: dict[str, Swing] = text("By input.")
    pace: tuple[Pace, ...] | None = text(
        "Effort by period, where a bonus is measured to date over several of them.", ABSENT
    )
    vs_no_pay: AgainstNoPay = text("Variable pay against none.")
    gaming_cost: float | None = usd("What gaming costs at the assumed propensity.", ABSENT, per=FOR)
    net_value_gamed: float | None = usd("Net value less gaming_cost.", ABSENT, per=FOR)
    rank: int | None = count("Place by net value, 1 the highest.", ABSENT)

    @property
    def by_swing(self) -> list[tuple[str, Swing]]:
        """The inputs, those that move net value most first."""
        return sorted(self.tornado.items(), key=lambda each: -each[1].width)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of net value; the whole range assumed where worlds are too few for one."""
        return self.net_value_ci95 or (self.net_value_low, self.net_value_high)

    @property
    def answer(self) -> str:
        """Whether the plan returns more than it costs: over the whole range assumed, in part of it, or nowhere."""
        low, high = self.net_value_low, self.net_value_high
        if self.net_value == low == high == 0.0:
            return "as today"
        if self.net_value_whole <= 0.0 < self.net_value:
            return "not once made whole"
        clear = not self.interval[0] <= 0.0 <= self.interval[1]
        if not clear or low <= 0.0 < high:
            return "open"
        return "yes" if low > 0.0 else "no"


class CardCost(Entry):
    """Company cost per CSM-year; ``mean`` is absent where there is none."""

    mean: float | None = usd("Mean.", ABSENT, per=FOR)
    p50: float | None = usd("Median.", ABSENT, per=FOR)
    p90: float | None = usd("P90.", ABSENT, per=FOR)
    cvar95: float | None = usd("Mean of the dearest 5 % of worlds.", ABSENT, per=FOR)
    per_usd_retained: float | None = measured("usd/usd", "Cost per usd of ARR due that was renewed.", ABSENT)
    prob_over_budget: float | None = share("Of worlds dearer than the budget.", ABSENT)


class CardSplit(Entry):
    """What pay is for if every CSM games, of the company over the horizon."""

    value: float = usd("For value.")
    natural_timing: float = usd("Added by honest dates.")
    exposure: float = usd("Added by the best dates found.")

    @property
    def value_share(self) -> float | None:
        """Of pay if everybody gamed, the part for value; None where nothing is paid. [share]

        Source: METHOD.md, section 4.
        """
        gamed = self.value + self.natural_timing + self.exposure
        return self.value / gamed if gamed > 0.0 else None


class CardExposure(Entry):
    """What choosing dates can add."""

    lower: float = usd("At least.", per=FOR)
    upper: float | None = usd("At most; absent where nothing bounds it.", ABSENT, per=FOR)
    share_of_variable: float | None = share("At least, of variable pay.", ABSENT)
    p95: float = usd("P95 of books.", per=FOR)
    moved_arr: float = usd("ARR moved.", per=FOR)


class CardSave(Entry):
    """Pay for a usd of ARR saved."""

    mean: float | None = measured("usd/usd", "At-risk accounts weighing most.", ABSENT)
    p10: float | None = measured("usd/usd", "P10 over renewals.", ABSENT)
    p90: float | None = measured("usd/usd", "P90 over renewals.", ABSENT)


class CardEven(Entry):
    """How evenly saves pay."""

    dead_zone_share: float | None = share("Of saves that pay next to nothing.", ABSENT)
    jackpot_share: float | None = share("Of saves that pay over three times the linear rate.", ABSENT)


class CardTiming(Entry):
    """Moving against saving."""

    ratio: float = measured("ratio", "Pay per usd moved over pay per usd saved.")


class CardRisk(Entry):
    """What certain pay could be lower."""

    premium: float | None = usd("By exponential utility.", ABSENT, per=FOR)
    by_variance: float | None = usd("By variance.", ABSENT, per=FOR)
    certain_pay: float | None = usd("Certain pay that would be as good.", ABSENT, per=FOR)


class CardValue(Entry):
    """Net value once CSMs respond; ``median`` where pay has no mean."""

    mean: float | None = usd("Mean.", ABSENT, per=FOR)
    median: float | None = usd("Median.", ABSENT, per=FOR)
    low: float = usd("Lowest over the strengths assumed.", per=FOR)
    high: float = usd("Highest over the strengths assumed.", per=FOR)
    if_made_whole: float = usd("Once CSMs who lose are made whole.", per=FOR)
    csm_gain: float = usd("What a CSM gains.", per=FOR)


class Card(Entry):
    """The eight numbers of a plan, those that were measured."""

    cost: CardCost = text("Company cost.")
    split: CardSplit | None = text("What pay is for.", ABSENT)
    exposure: CardExposure | None = text("What choosing dates can add.", ABSENT)
    save: CardSave | None = text("Pay for a usd saved.", ABSENT)
    even: CardEven | None = text("How evenly saves pay.", ABSENT)
    timing_to_saving: CardTiming | None = text("Moving against saving.", ABSENT)
    risk: CardRisk | None = text("Risk to the CSM.", ABSENT)
    net_value: CardValue | None = text("What the plan is worth.", ABSENT)


class ResponseOfPlan(Part):
    """How CSMs answer a plan, and its card."""

    response: PlanResponse | None = text("What it is worth once CSMs answer.", ABSENT)
    card: Card | None = text("Its eight numbers.", ABSENT)

    @property
    def assumes_more(self) -> str | None:
        """Effort."""
        return None if self.response is None else "what CSMs would do instead, and what that is worth,"


def responses(summary: Summary) -> dict[str, PlanResponse]:
    """Of the plans of which it is measured."""
    return summary.where(ResponseOfPlan, lambda part: part.response)


def cards(summary: Summary) -> dict[str, Card]:
    """Of the plans of which more than cost is measured."""
    return summary.where(ResponseOfPlan, lambda part: part.card)
