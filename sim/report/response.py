"""Is a plan simple, scalable and ROI positive? What it is worth once CSMs answer it, and what that rests on."""

from typing import Any

from rich.console import RenderableType

from sim.report.amounts import number, share, unit_for
from sim.report.fitted import Fitted, Row

Document = dict[str, Any]


def response_table(document: Document) -> RenderableType | None:
    """One row per plan: value against the reference, return, cost and effort; None where nothing was answered."""
    found = {name: plan["response"] for name, plan in document["plans"].items() if "response" in plan}
    if not found:
        return None
    unit = unit_for(
        [each["net_value"] for each in found.values()],
        [each["net_value_se"] for each in found.values() if each["net_value_se"] > 0.0],
    )

    def row(each: Document) -> Row:
        low, high = each["net_value_low"], each["net_value_high"]
        return {
            "Clauses": number(each["clauses"], 0),
            "Net value ±": f"{unit.show(each['net_value'], sign=True)} ± {unit.show(each['net_value_se'])}",
            "Range": f"{unit.show(low, sign=True)} to {unit.show(high, sign=True)}",
            "Cost added": unit.show(each["cost_added"], sign=True),
            "ROI": "" if "roi" not in each else number(each["roi"], 1),
            "per $ kept": f"{100 * each['cost_per_usd_kept']:.2f}¢",
            "Kept": share(each["kept_rate"], 1),
            "Save effort": f"{each['effort']['save']:.2f}",
            "Unpaid": f"{each['effort']['unpaid']:.2f}",
            "One answer": "yes" if each["unique"] else "no",
        }

    return Fitted(
        f"Worth it? Value once CSMs respond [{unit.name} per CSM-year, against the reference]",
        "Range: over the points of gross retention that no incentive would cost (points in [response]); all other "
        "inputs of that table are assumptions too. ROI: net value per $ of cost added. Kept: booked of what came due. "
        "Efforts: 1 is today's. One answer: efforts from three starts agree.",
        {name: row(each) for name, each in found.items()},
    )
