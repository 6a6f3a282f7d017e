"""Tables of how CSMs answer a plan: the card of a plan, its value, efforts, and what the value rests on."""

from collections.abc import Iterable, Iterator
from typing import Final

from sim.questions.comparable import unmodelled
from sim.questions.cost.summary import CostOfPlan
from sim.questions.response.rests_tables import rests_first, rests_on
from sim.questions.response.summary import Card, PlanResponse, cards, responses
from sim.shapes.chart import Bars
from sim.shapes.fragile import NO_MEAN, SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.shapes.words import NO_BOUND, listed
from sim.summary.summary import Summary

Row = dict[str, Value]

TASKS: Final = {
    "save": "Save",
    "on_time": "On time",
    "early": "Early",
    "late": "Recover",
    "expand": "Expand",
    "unpaid": "Unpaid work",
    "grow": "Growing",
    "onboard": "Onboarding",
    "kpi": "KPIs",
}
"""What effort goes to: key in ``summary.json``, title."""

RESPONSE: Final = (
    PLAN,
    Column("clauses", "Clauses", "count", note="Clauses: rules that a CSM has to know."),
    Column(
        "pay_growth",
        "Pay growth",
        "share",
        signed=True,
        note="Pay growth: of a plan left as it is when every account is 10 % larger.",
    ),
    Column(
        "answer",
        "ROI positive",
        names=False,
        note="ROI positive: over that whole range, and also once CSMs who lose by the plan are made whole.",
    ),
    Column("net_value", "Net value", "usd", signed=True, mean=True),
    Column("net_value_se", SIM_ERROR, "error", note=SE_NOTE),
    Column("net_value_low", "Lowest", "usd", signed=True, mean=True),
    Column("net_value_high", "Highest", "usd", signed=True, mean=True),
    Column(
        "csm_gain",
        "CSMs' own",
        "usd",
        signed=True,
        mean=True,
        note="CSMs' own: certain pay less effort, against today.",
    ),
    Column(
        "net_value_whole", "Net value, CSMs made whole", "usd", signed=True, mean=True, brief="If made whole"
    ),
    Column("cost_added", "Cost added", "usd", signed=True, mean=True),
    Column("roi", "ROI", "ratio", note="ROI: net value per $ of cost added, where cost is added."),
    Column("cost_per_usd_kept", "Cost per $ kept", "cent", mean=True, brief="per $ kept"),
)
"""What is shown of what a plan is worth."""


def response_tables(summary: Summary) -> Iterator[Table | None]:
    """The card of the plans, what they are worth, and what stands behind that."""
    found = responses(summary)
    reference = next((each.reference for each in found.values()), summary.study.baseline)
    missing = unmodelled(summary.where(CostOfPlan, lambda part: part.not_modelled))
    yield card(cards(summary), reference, missing)
    yield worth(found)
    yield against_no_pay(found)
    yield efforts(found)
    yield pace_by_period(found)
    yield rests_first(found)
    yield rests_on(found)


def worth(found: dict[str, PlanResponse]) -> Table | None:
    """What a plan is worth once CSMs respond."""
    reference = next(iter({each.reference for each in found.values()}), "")
    medians = [name for name, each in found.items() if each.statistic is not None]
    note = (
        f"Per CSM-year against {reference}, at the efforts that the plan calls for. Lowest, highest: over the gross "
        "retention assumed to be lost without any incentive. Effort alone favours cliffs: dead zones, risk and exposure "
        "count against them."
    )
    return table(
        "response",
        "What it is worth once CSMs respond",
        RESPONSE,
        ({"plan": name, "answer": each.answer} | each.document() for name, each in found.items()),
        f"{note} Of {listed(medians)}: medians over worlds." if medians else note,
        brief=[column.key for column in RESPONSE if column.kind != "error"],
        short=f"Simple, scalable, ROI positive? Once CSMs respond [{{unit}} per CSM-year, against {reference}]",
        chart=Bars(("net_value_low", "net_value", "net_value_high")),
    )


def card(found: dict[str, Card], reference: str, missing: Iterable[str]) -> Table | None:
    """What each plan costs, rewards and returns, side by side; of studies that measured more than cost.

    reference : the plan that net values are told against.
    missing   : sentences on what is not modelled, and on plans of which nothing is said.
    """
    exposed = any(each.exposure is not None for each in found.values())
    no_mean = any(each.cost.mean is None for each in found.values())
    columns = _card_columns(exposed, reference)
    return table(
        "card",
        "Each plan on one line: cost, exposure, reward, value",
        columns,
        (_card(name, each) for name, each in found.items()),
        " ".join(["Amounts in $ per CSM-year.", *missing, *_medians(found)]),
        brief=[column.key for column in columns if no_mean or column.key != "cost_p50"],
        short="Card: what each plan costs, rewards and returns",
    )


def _card_columns(exposed: bool, reference: str) -> tuple[Column, ...]:
    """What a card tells. exposed : whether exposure was measured."""
    return (
        PLAN,
        Column("cost", "Cost", "dollar", none=NO_MEAN, mean=True),
        Column("cost_p50", "Median", "dollar"),
        Column("cost_p90", "P90", "dollar"),
        Column(
            "per_usd_retained",
            "per $ kept",
            "cent",
            mean=True,
            note="Per $ kept: of ARR due that was renewed.",
        ),
        Column("prob_over_budget", "Over budget", "share"),
        Column(
            "value_share",
            "For value",
            "share",
            note="For value: share of pay, if gamed, that is left when every renewal counts when due.",
        ),
        Column(
            "lower",
            "Exposure at least",
            "dollar",
            mean=True,
            brief="Exposure",
            note="Exposure: what moving dates can add.",
        ),
        Column("upper", "at most", "dollar", none=NO_BOUND if exposed else "", mean=True),
        Column(
            "save", "Saved", "cent", note="Saved: pay per $ of ARR saved, at-risk accounts weighing most."
        ),
        Column("dead_zone_share", "Dead zone", "share"),
        Column("jackpot_share", "Jackpot", "share"),
        Column(
            "timing_to_saving",
            "Move / save",
            "ratio",
            note="Move / save: pay per $ moved over pay per $ saved; above 1 the plan pays more for moving.",
        ),
        Column(
            "risk",
            "Risk",
            "dollar",
            mean=True,
            note="Risk: mean pay less the certain pay that is as good to a CSM.",
        ),
        Column(
            "net_value",
            "Net value",
            "dollar",
            signed=True,
            mean=True,
            note=f"Net value: against {reference}, once CSMs respond, over the range of the response assumed.",
        ),
        Column("net_value_low", "from", "dollar", signed=True, mean=True),
        Column("net_value_high", "to", "dollar", signed=True, mean=True),
    )


def _medians(found: dict[str, Card]) -> Iterator[str]:
    """Of which plans the net value is a median."""
    names = [name for name, each in found.items() if each.net_value and each.net_value.median is not None]
    if names:
        yield f"The net value of {listed(names)} is a median over worlds."


def _card(name: str, found: Card) -> Row:
    """A card with one key a number."""
    cost, row = found.cost, Row(plan=name)
    row |= {
        "cost": cost.mean,
        "cost_p50": cost.p50,
        "cost_p90": cost.p90,
        "per_usd_retained": cost.per_usd_retained,
        "prob_over_budget": cost.prob_over_budget,
    }
    if found.split is not None:
        row["value_share"] = found.split.value_share
    if found.exposure is not None:
        row |= {"lower": found.exposure.lower, "upper": found.exposure.upper}
    if found.save is not None:
        row["save"] = found.save.mean
    if found.even is not None:
        row |= found.even.document()
    if found.timing_to_saving is not None:
        row["timing_to_saving"] = found.timing_to_saving.ratio
    if found.risk is not None:
        row["risk"] = found.risk.premium
    if (net := found.net_value) is not None:
        middle = net.median if net.mean is None else net.mean
        row |= {"net_value": middle, "net_value_low": net.low, "net_value_high": net.high}
    return row


def against_no_pay(found: dict[str, PlanResponse]) -> Table | None:
    """What each plan's variable pay returns, against the same salaries without it."""
    columns = (
        PLAN,
        Column("gain", "Gain", "usd", signed=True, mean=True),
        Column("gain_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("variable", "Variable pay and tooling", "usd", mean=True, brief="Variable pay"),
        Column("net_value", "Net value", "usd", signed=True, mean=True),
        Column("net_value_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("net_value_low", "Lowest", "usd", signed=True, mean=True),
        Column("net_value_high", "Highest", "usd", signed=True, mean=True),
        Column("roi", "ROI", "ratio", note="ROI: net value per $ of variable pay."),
    )
    note = (
        "Per CSM-year. Gain: margin on what CSMs keep and grow more than for salaries alone. Variable pay with on-cost and "
        "tooling. Lowest, highest: over points in [response]. Nobody leaves for want of it: assumption."
    )
    return table(
        "no_pay",
        "Variable pay against none",
        columns,
        ({"plan": name} | each.vs_no_pay.document() for name, each in found.items()),
        note,
        brief=[column.key for column in columns if column.kind != "error"],
        short="Against no variable pay: the same salaries alone [{unit} per CSM-year]",
    )


def efforts(found: dict[str, PlanResponse]) -> Table | None:
    """What CSMs spend their effort on under each plan."""
    columns = (
        PLAN,
        *(Column(key, title, "ratio") for key, title in TASKS.items()),
        Column("kept_rate", "Renewed of ARR due", "share", brief="Renewed"),
        Column(
            "answers",
            "One answer",
            names=False,
            note="One answer: efforts from several starts agree.",
        ),
    )
    rows = (
        {"plan": name, "kept_rate": each.kept_rate, "answers": "yes" if each.unique else "no"}
        | each.effort.document()
        for name, each in found.items()
    )
    return table(
        "effort",
        "Where effort goes under each plan",
        columns,
        rows,
        "1 is today's effort under the reference plan.",
        brief=[column.key for column in columns],
    )


def pace_by_period(found: dict[str, PlanResponse]) -> Table | None:
    """Effort by period where pay is for a longer window: who gives up, who coasts, who spurts."""
    columns = (
        PLAN,
        Column("period", "Period", "count", note="Period: of the window that the bonus is measured over."),
        Column(
            "pace",
            "Pace",
            "ratio",
            note="Pace: 1 is the plan's answer. Thirds by standing at the start of the period.",
        ),
        Column("behind", "Behind", "ratio"),
        Column("middle", "Middle", "ratio"),
        Column("ahead", "Ahead", "ratio"),
        Column(
            "idle_share", "Idle", "share", note="Idle: below 0.25, given up or coasting. Spurt: above 1.5."
        ),
        Column("spurt_share", "Spurt", "share"),
    )
    rows = ({"plan": name} | each.document() for name, one in found.items() for each in one.pace or ())
    return table(
        "pace",
        "Effort through the window that pay is for",
        columns,
        rows,
        "Every component by itself, by its curve: caps, gates and modifiers of the plan are left out.",
        brief=[column.key for column in columns],
    )
