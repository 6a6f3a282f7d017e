"""Sheets whose totals are formulas: what cost consists of, and cost by period; both foot to the cost sheet."""

from typing import TYPE_CHECKING, Any, Final

from sim.questions.cost.tables import parts
from sim.questions.registry import typed
from sim.report.office.charts import LAST_CHARTED
from sim.shapes.fragile import MARK, MARKED, NO_MEAN, fragile_plans
from sim.shapes.table import Kind, inert
from sim.shapes.words import period_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Document = dict[str, Any]

FOOTED: Final = {
    "cost_parts": "What the cost consists of, adding up to the company cost",
    "cost_by_period": "Mean company cost by period, adding up to the company cost",
}
"""Sheets and what they answer."""
TOP: Final = 3
"""Row of the column titles."""
CLOSE: Final = 0.01
"""Totals differ by no more than this. [usd]"""
DIVIDED: Final = ("early", "on_time", "late", "uncredited")


def write_footed(book: "Workbook", document: Document, formats: dict[Kind, "Format"]) -> None:
    """Add the sheets; each row ends with its total, the cost as simulated, and whether they agree."""
    _parts(book, document, formats)
    _periods(book, document, formats)


def _parts(book: "Workbook", document: Document, formats: dict[Kind, "Format"]) -> None:
    found = parts(typed(document))
    if found is None:
        return
    plans = document["plans"]
    inputs = [(key, title) for key, title in PARTS if any(_part(plan, key) for plan in plans.values())]
    titles = [title for _, title in inputs]
    rows = [
        [_part(plan, key) for key, _ in inputs] if "mean" in plan["cost"] else None for plan in plans.values()
    ]
    sheet = book.add_worksheet("cost_parts")
    _write(sheet, book, FOOTED["cost_parts"], titles, document, rows, formats)
    _chart(book, sheet, "cost_parts", len(titles), len(rows), {"type": "bar", "subtype": "stacked"})


PARTS: Final = (
    ("early", "Early"),
    ("on_time", "On time"),
    ("late", "Late"),
    ("uncredited", "No credit"),
    ("undivided", "Variable pay, undivided"),
    ("base", "Salaries"),
    ("on_cost", "On-cost"),
    ("hires", "Planned hires"),
)


def _part(plan: Document, key: str) -> float:
    """One part of the mean cost. [usd]"""
    part = plan["cost_parts"]
    if key == "undivided":
        return 0.0 if "early" in part else float(part.get("variable", 0.0))
    return float(part.get(key, 0.0))


def _periods(book: "Workbook", document: Document, formats: dict[Kind, "Format"]) -> None:
    plans = document["plans"]
    labels = [each["label"] for each in plans[document["study"]["baseline"]]["cost_by_period"]]
    rows = [
        [float(each["mean"]) for each in plan["cost_by_period"]] if "mean" in plan["cost"] else None
        for plan in plans.values()
    ]
    sheet = book.add_worksheet("cost_by_period")
    title = f"Mean company cost by {period_of(document)}"
    _write(sheet, book, title, labels, document, rows, formats)
    _chart(book, sheet, "cost_by_period", len(labels), len(rows), {"type": "line"})
    _quantiles(book, sheet, document, formats, TOP + len(rows) + 26)


def _write(
    sheet: "Worksheet",
    book: "Workbook",
    title: str,
    columns: list[str],
    document: Document,
    rows: list[list[float] | None],
    formats: dict[Kind, "Format"],
) -> None:
    """Plans by columns, with a total, the simulated mean and their agreement at the end of each row."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    sheet.write_string(0, 0, inert(title), book.add_format({"bold": True, "size": 13}))
    note = "usd, means over worlds; Total is a formula, Simulated the mean of the cost sheet."
    sheet.write_string(1, 0, f"{note} {MARKED}" if fragile_plans(document) else note)
    marked = book.add_format({"num_format": f'#,##0"{MARK}"'})
    count = len(columns)
    for place, name in enumerate(["Plan", *columns, "Total", "Simulated", "Foots"]):
        sheet.write_string(TOP, place, inert(name), bold)
    for at, ((name, plan), values) in enumerate(zip(document["plans"].items(), rows, strict=True), TOP + 1):
        sheet.write_string(at, 0, inert(name), formats["text"])
        if values is None:
            sheet.write_string(at, 1, NO_MEAN)
            continue
        usd = marked if plan["cost"].get("fragile") else formats["usd"]
        for place, value in enumerate(values, start=1):
            sheet.write_number(at, place, value, usd)
        first, last = xl_rowcol_to_cell(at, 1), xl_rowcol_to_cell(at, count)
        total, simulated = xl_rowcol_to_cell(at, count + 1), xl_rowcol_to_cell(at, count + 2)
        sheet.write_formula(at, count + 1, f"=SUM({first}:{last})", usd, sum(values))
        sheet.write_number(at, count + 2, plan["cost"]["mean"], usd)
        foots = abs(sum(values) - plan["cost"]["mean"]) < CLOSE
        sheet.write_formula(
            at, count + 3, f'=IF(ABS({total}-{simulated})<{CLOSE},"yes","no")', None, "yes" if foots else "no"
        )
    sheet.set_column(0, 0, min(max(map(len, document["plans"])) + 2, 60))
    sheet.set_column(1, count + 2, 13)
    sheet.freeze_panes(TOP + 1, 1)
    print_wide(sheet)


def print_wide(sheet: "Worksheet") -> None:
    """Print on landscape pages, all columns on one."""
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _chart(
    book: "Workbook", sheet: "Worksheet", name: str, columns: int, plans: int, kind: dict[str, str]
) -> None:
    """Stacked bars, a series a part; or lines, a series a plan."""
    shown = min(plans, LAST_CHARTED)
    chart = book.add_chart(kind)
    if kind["type"] == "bar":
        for place in range(1, columns + 1):
            chart.add_series(
                {
                    "name": [name, TOP, place],
                    "categories": [name, TOP + 1, 0, TOP + shown, 0],
                    "values": [name, TOP + 1, place, TOP + shown, place],
                }
            )
        chart.set_y_axis({"reverse": True})
    else:
        for row in range(TOP + 1, TOP + 1 + shown):
            chart.add_series(
                {
                    "name": [name, row, 0],
                    "categories": [name, TOP, 1, TOP, columns],
                    "values": [name, row, 1, row, columns],
                }
            )
    chart.set_title({"name": FOOTED[name], "name_font": {"size": 12}})
    chart.set_size({"width": 860, "height": 440})
    sheet.insert_chart(TOP + plans + 2, 0, chart)


def _quantiles(
    book: "Workbook", sheet: "Worksheet", document: Document, formats: dict[Kind, "Format"], top: int
) -> None:
    """Below the chart: P10, P50 and P90 of every plan and period."""
    bold = book.add_format({"bold": True, "bottom": 1})
    keys = ("label", "p10", "p50", "p90")
    for place, title in enumerate(("Plan", "Period", "P10", "Median", "P90")):
        sheet.write_string(top, place, title, bold)
    at = top
    for name, plan in document["plans"].items():
        for period in plan["cost_by_period"]:
            at += 1
            sheet.write_string(at, 0, inert(name), formats["text"])
            sheet.write_string(at, 1, period[keys[0]], formats["text"])
            for place, key in enumerate(keys[1:], start=2):
                sheet.write_number(at, place, period[key], formats["usd"])
