"""The ranking of plans: net value, risk, exposure, and which plan beats which."""

from typing import Any

from rich.console import RenderableType

from sim.report.amounts import unit_for
from sim.report.fitted import Fitted, Row

Document = dict[str, Any]


def ranking_table(found: Document) -> RenderableType:
    """Best net value first."""
    plans = found["plans"]
    values = unit_for(
        [each["net_value"] for each in plans.values()],
        [each["net_value_se"] for each in plans.values() if each["net_value_se"] > 0.0],
    )
    risks = unit_for(
        [each["risk_premium"] for each in plans.values()],
        [each["risk_premium_se"] for each in plans.values()],
    )

    def row(each: Document) -> Row:
        exposed = {"Exposure": risks.show(each["exposure"])} if "exposure" in each else {}
        return {
            f"Net value ± [{values.name}]": f"{values.show(each['net_value'], sign=True)} ± "
            f"{values.show(each['net_value_se'])}",
            f"Risk ± [{risks.name}]": f"{risks.show(each['risk_premium'])} ± {risks.show(each['risk_premium_se'])}",
            **exposed,
            "Beaten by": each["beaten_by"] or "nobody",
        }

    counted = ", ".join(each.replace("_", " ") for each in found["criteria"])
    return Fitted(
        f"Plans worth choosing between, against {found['reference']} [per CSM-year]",
        f"Beaten: another plan is as good on {counted} by its mean, and better on one of them by more than chance "
        f"explains; 5 % chance of any mistake, shared between {found['comparisons']} comparisons. Without exposure "
        "here, a [gaming] table measures it. Net value rests on the assumptions of [response].",
        {name: row(each) for name, each in plans.items()},
    )
