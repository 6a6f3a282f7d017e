"""The ranking of plans as a section: net value, risk, exposure, and which plan beats which."""

from collections.abc import Iterator
from typing import Final

from sim.questions.response.rank import Ranking
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.section import Section
from sim.shapes.table import PLAN, Column, Table, table
from sim.shapes.words import NO_BOUND

SHORT: Final = {"net_value_whole": "value", "risk_premium": "risk"}
COUNTED: Final = {"net_value_whole": "net value if made whole", "risk_premium": "risk premium"}
"""What criteria are called, where their key does not say it."""
COLUMNS: Final = (
    PLAN,
    Column("statistic", "By", names=False),
    Column("net_value", "Net value", "dollar", signed=True),
    Column("net_value_se", SIM_ERROR, "dollar", note=SE_NOTE),
    Column(
        "csm_gain",
        "CSMs' own",
        "dollar",
        signed=True,
        note="CSMs' own: certain pay less effort, against the reference.",
    ),
    Column(
        "net_value_whole",
        "If made whole",
        "dollar",
        signed=True,
        note="If made whole: net value less the raise, with on-costs, that CSMs who lose by the plan would need.",
    ),
    Column("risk_premium", "Risk", "dollar", note="Risk: mean pay less the certain pay that is as good."),
    Column("risk_premium_se", f"{SIM_ERROR} of risk", "dollar", note=SE_NOTE),
    Column("exposure", "Exposure", "dollar", none="not bounded"),
    Column("exposure_se", f"{SIM_ERROR} of exposure", "dollar", note=SE_NOTE),
    Column("exposure_upper", "at most", "dollar", none=NO_BOUND),
    Column("exposure_upper_se", f"{SIM_ERROR} of most", "dollar", note=SE_NOTE),
    Column("beaten_by", "Beaten by", names=False),
    Column("better_on", "on", names=False),
)


def ranking_sections(ranking: Ranking) -> Iterator[Section]:
    """Best value first."""
    found = rank_table(ranking)
    if found is not None:
        yield Section("ranking", found.title, "", tables=(found,))


def rank_table(ranking: Ranking) -> Table | None:
    """What speaks for and against every plan, and which other one clearly beats it."""
    by_median = any(plan.statistic == "median" for plan in ranking.plans.values())
    rows = (
        plan.document()
        | {
            "plan": name,
            "statistic": plan.statistic if by_median else None,
            "beaten_by": plan.beaten_by or "nobody",
            "better_on": ", ".join(SHORT.get(key, key) for key in plan.better_on) or None,
        }
        for name, plan in ranking.plans.items()
    )
    return table(
        "ranking",
        f"Plans worth choosing between, against {ranking.reference}",
        COLUMNS,
        rows,
        " ".join(_what_beaten_is(ranking, by_median)),
        brief=[column.key for column in COLUMNS if not column.key.endswith("_se")],
        short=f"Plans worth choosing between, against {ranking.reference} [$ per CSM-year]",
    )


def _what_beaten_is(ranking: Ranking, by_median: bool) -> Iterator[str]:
    """When a plan counts as beaten, and what that rests on."""
    counted = ", ".join(COUNTED.get(criterion, criterion) for criterion in ranking.criteria)
    yield (
        f"Beaten: another plan is as good on {counted} by its mean, and better on one of them by more than chance "
        f"explains; 5 % chance of any mistake, shared between {ranking.comparisons} comparisons."
    )
    if "exposure" not in ranking.criteria:
        yield "A [gaming] table in the study would add exposure."
    else:
        yield "Exposures are brackets: better means that the most under one is less than the least under the other."
    if by_median:
        yield (
            "By median: of plans whose pay has no mean (csmsim lint says why) everything is the median over worlds; they "
            "are compared by the medians of paired differences and by the sign test."
        )
    yield "±: simulation error, one standard error; more worlds make it smaller."
    yield "Net value rests on the assumptions of [response]."
