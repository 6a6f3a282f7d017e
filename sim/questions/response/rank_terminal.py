"""The ranking of plans: net value, risk, exposure, and which plan beats which."""

from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from sim.shapes.amounts import Unit, unit_for
from sim.shapes.fitted import Fitted, Row
from sim.shapes.words import NO_BOUND

Document = dict[str, Any]

WORDS: Final = {"net_value_whole": "net value if made whole"}
"""What criteria are called, where their key does not say it."""
MEDIANS: Final = (
    "By median: of plans whose pay has no mean (csmsim lint says why) everything is the median over worlds; they are "
    "compared by the medians of paired differences and by the sign test."
)
SHORT: Final = {"net_value_whole": "value", "risk_premium": "risk"}


def ranking_table(found: Document) -> RenderableType:
    """Best value first, and under it the plans that were left out."""
    plans = found["plans"]
    values = unit_for(
        [each["net_value"] for each in plans.values()],
        [min((each["net_value_se"] for each in plans.values() if each["net_value_se"] > 0.0), default=0.0)],
    )
    risks = unit_for(
        [each["risk_premium"] for each in plans.values()],
        [each["risk_premium_se"] for each in plans.values()],
    )
    exposed = unit_for([each.get("exposure", 0.0) for each in plans.values()])

    by_median = any(each["statistic"] == "median" for each in plans.values())

    def row(each: Document) -> Row:
        asked = (
            {f"Exposure [{exposed.name}]": _bracket(each, exposed)} if "exposure" in found["criteria"] else {}
        )
        return {
            **({"By": each["statistic"]} if by_median else {}),
            f"Net value ± [{values.name}]": f"{values.show(each['net_value'], sign=True)} ± "
            f"{values.show(each['net_value_se'])}",
            "CSMs' own": values.show(each["csm_gain"], sign=True),
            "If made whole": values.show(each["net_value_whole"], sign=True),
            f"Risk ± [{risks.name}]": f"{risks.show(each['risk_premium'])} ± {risks.show(each['risk_premium_se'])}",
            **asked,
            "Beaten by": each["beaten_by"] or "nobody",
            "on": ", ".join(SHORT.get(key, key.replace("_", " ")) for key in each["better_on"]),
        }

    counted = ", ".join(WORDS.get(each, each.replace("_", " ")) for each in found["criteria"])
    table = Fitted(
        f"Plans worth choosing between, against {found['reference']} [per CSM-year]",
        f"Beaten: another plan is as good on {counted} by its mean, and better on one of them by more than chance "
        f"explains; 5 % chance of any mistake, shared between {found['comparisons']} comparisons. {_exposure_note(found)}"
        "±: simulation error, one standard error; more worlds make it smaller. CSMs' own: certain pay less effort, against "
        "the reference. If made whole: net value less the raise, with on-costs, that CSMs who lose by the plan would need. "
        "Risk: mean pay less the certain pay that is as good. Net value rests on the assumptions of [response].",
        {name: row(each) for name, each in plans.items()},
    )
    left_out = [MEDIANS] if by_median else []
    left_out += [f"Left out: {name} {why}." for name, why in found["left_out"].items()]
    return Group(table, *([Text("\n".join(left_out), style="dim")] if left_out else []))


def _exposure_note(found: Document) -> str:
    """How exposures are compared where they are; where they are not, what would measure them."""
    if "exposure" not in found["criteria"]:
        return "A [gaming] table in the study would add exposure. "
    return "Exposures are brackets: better means that the most under one is less than the least under the other. "


def _bracket(each: Document, unit: Unit) -> str:
    if "exposure" not in each:
        return "not bounded"
    upper = unit.show(each["exposure_upper"]) if "exposure_upper" in each else NO_BOUND
    return f"{unit.show(each['exposure'])} to {upper}"
