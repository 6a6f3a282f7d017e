"""A result as five slides for a board: what it says, the differences, the cost, its course, and its grounds."""

import io
from math import floor, log10
from typing import TYPE_CHECKING, Any, Final

from sim.questions.cost import findings
from sim.questions.cost.rows import difference_rows
from sim.questions.forecast.findings import market_finding
from sim.questions.forecast.tables import plans_with
from sim.questions.grounds.comparable import unmodelled_lines
from sim.questions.grounds.report import assumption_finding
from sim.questions.lint.report import lint_finding
from sim.questions.registry import typed
from sim.shapes.amounts import amount
from sim.shapes.fragile import ERROR_NOTE
from sim.shapes.report import Report
from sim.shapes.words import period_of

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

Document = dict[str, Any]

MOST_PLANS: Final = 12
"""Plans on a slide; a note says how many there are."""
MILLION: Final = 1e6
BLUE, PALE, ORANGE, LINE = "2F5D8A", "9DB6CF", "B4541A", "DFE2E6"
"""Of bars and lines. [RGB]"""


def deck(report: Report, document: Document) -> bytes:
    """The content of ``deck.pptx``."""
    from pptx import Presentation
    from pptx.util import Inches

    slides = Presentation()
    slides.slide_width, slides.slide_height = Inches(13.333), Inches(7.5)
    _opening(slides, report)
    if len(document["plans"]) > 1:
        _differences(slides, document)
    _costs(slides, document)
    _course(slides, document)
    _grounds(slides, document)
    out = io.BytesIO()
    slides.save(out)
    return out.getvalue()


def shown_plans(document: Document) -> list[str]:
    """The baseline and the plans after it, as many as a slide holds."""
    baseline = document["study"]["baseline"]
    return [baseline, *(name for name in document["plans"] if name != baseline)][:MOST_PLANS]


def _opening(slides: "Presentation", report: Report) -> None:
    _slide(slides, report.title, [*(said.sentence for said in report.short), f"{report.size}."])


def _differences(slides: "Presentation", document: Document) -> None:
    study = document["study"]
    names = [name for name in shown_plans(document) if name != study["baseline"]]
    slide = _slide(slides, f"Cost against {study['baseline']}", [_median_sentence(document, names)])
    medians = [document["plans"][name]["vs_baseline"]["p50"] / MILLION for name in names]
    chart = _chart_of(names, {"Median": medians})
    chart = _add_chart(
        slide, "BAR_CLUSTERED", chart, "Difference of the same world: the median, $M over the horizon"
    )
    chart.has_legend = False
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 60, True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "+0.00;-0.00;0", False
    _paint(plot.series[0], BLUE)


def _median_sentence(document: Document, names: list[str]) -> str:
    """The ends of the bars: medians of paired differences, which no single world decides."""
    rows = {row.plan: row for row in difference_rows(typed(document)) if row.plan in names}
    medians = {name: row.median for name, row in rows.items()}
    low, high = min(medians, key=medians.__getitem__), max(medians, key=medians.__getitem__)
    several = "" if len(names) + 1 == len(document["plans"]) else f" ({len(names)} plans shown)"
    baseline = document["study"]["baseline"]
    if low == high:
        return f"In the median world {low} costs {_against(medians[low])} {baseline}{several}."
    most, least = _against(medians[high]), _against(medians[low])
    return (
        f"Medians of the differences: from {least} {baseline} ({low}) to {most} {baseline} ({high}){several}. The first "
        "slide says which of them these worlds tell apart."
    )


def _against(difference: float) -> str:
    return f"{amount(abs(difference))} {'more' if difference > 0 else 'less'} than"


def _costs(slides: "Presentation", document: Document) -> None:
    names = shown_plans(document)
    slide = _slide(slides, "Company cost", [findings.cost_finding(typed(document))])
    found = [document["plans"][name]["cost"] for name in names]
    low, middle, high = ([each[key] / MILLION for each in found] for key in ("p10", "p50", "p90"))
    series = {
        "P10": low,
        "P10 to P50": [above - below for below, above in zip(low, middle, strict=True)],
        "P50 to P90": [above - below for below, above in zip(middle, high, strict=True)],
    }
    chart = _add_chart(
        slide, "BAR_STACKED", _chart_of(names, series), "P10, median and P90, $M over the horizon"
    )
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, 100
    hidden, below, above = chart.plots[0].series
    hidden.format.fill.background()
    _paint(below, BLUE)
    _paint(above, PALE)
    step = 10.0 ** floor(log10(max(high)))
    chart.value_axis.minimum_scale = floor(min(low) / step * 2) * step / 2
    chart.has_legend = False


def _course(slides: "Presentation", document: Document) -> None:
    """The baseline's cost by period, with an equal part of the budget."""
    study = document["study"]
    periods = document["plans"][study["baseline"]]["cost_by_period"]
    title = f"{study['baseline']}: cost by {period_of(document)}"
    sentence = findings.fan_finding(typed(document))
    if any(plans_with(document, "macro")):
        sentence = f"{sentence} {market_finding(document)}"
    slide = _slide(slides, title, [sentence])
    series = {key.upper(): [each[key] / MILLION for each in periods] for key in ("p10", "p50", "p90")}
    if "budget" in study:
        series["Budget in equal parts"] = [study["budget"] / study["periods"] / MILLION] * len(periods)
    content = _chart_of([each["label"] for each in periods], series)
    chart = _add_chart(slide, "LINE", content, "$M")
    for line, color in zip(chart.plots[0].series, (PALE, BLUE, PALE, ORANGE), strict=False):
        line.format.line.color.rgb, line.smooth = _rgb(color), False


def _grounds(slides: "Presentation", document: Document) -> None:
    study = document["study"]
    _slide(
        slides,
        "What this rests on",
        [
            lint_finding(typed(document)),
            assumption_finding(typed(document)),
            findings.retention_finding(typed(document)),
            *unmodelled_lines(document),
            ERROR_NOTE,
            f"csmsim {study['version']}, seed {study['seed']}, hash {study['hash'][:16]}.",
        ],
    )


def _slide(slides: "Presentation", title: str, sentences: list[str]) -> "Slide":
    """A slide with a title and sentences below it."""
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Inches, Pt

    slide = slides.slides.add_slide(slides.slide_layouts[5])
    heading = slide.shapes.title
    heading.left, heading.top, heading.width, heading.height = (
        Inches(0.7),
        Inches(0.35),
        Inches(11.9),
        Inches(0.9),
    )
    heading.text_frame.text = _plain(title, 120)
    heading.text_frame.word_wrap, heading.text_frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    heading.text_frame.paragraphs[0].runs[0].font.size = Pt(30)
    charted = len(sentences) == 1
    height = Inches(1.1) if charted else Inches(5.4)
    box = slide.shapes.add_textbox(Inches(0.7), Inches(1.3), Inches(11.9), height).text_frame
    box.word_wrap = True
    for number, sentence in enumerate(sentences):
        paragraph = box.paragraphs[0] if number == 0 else box.add_paragraph()
        paragraph.text = _plain(sentence, 900)
        paragraph.font.size = Pt(18 if charted else 20)
        paragraph.space_after = Pt(14)
    return slide


def _chart_of(names: list[str], series: dict[str, list[float]]) -> Any:
    from pptx.chart.data import CategoryChartData

    # Typed as Any: python-pptx carries no types.
    content: Any = CategoryChartData()
    content.categories = [_plain(name, 40) for name in names]
    for name, values in series.items():
        content.add_series(name, values)
    return content


def _numbers_behind(content: Any) -> bytes:
    """The workbook behind a chart, laid out as python-pptx refers to it, in which no name is a formula or a link."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_column(1, 0, [each.label for each in content.categories])
        for column, series in enumerate(content, start=1):
            sheet.write_string(0, column, series.name)
            sheet.write_column(1, column, series.values)
    return out.getvalue()


def _paint(series: Any, color: str) -> None:
    series.invert_if_negative = False
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = _rgb(color)


def _rgb(color: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(color)


def _add_chart(slide: Any, kind: str, content: Any, title: str) -> Any:
    """A native chart below the sentence; bars lie, the first plan on top."""
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Inches, Pt

    place = (Inches(0.7), Inches(2.3), Inches(11.9), Inches(4.9))
    chart = slide.shapes.add_chart(XL_CHART_TYPE[kind], *place, content).chart
    chart.part.chart_workbook.update_from_xlsx_blob(_numbers_behind(content))
    chart.has_legend, chart.legend.position = True, XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.has_title = True
    chart.chart_title.text_frame.text = title
    chart.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(13)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.tick_labels.font.size = Pt(11)
    chart.value_axis.tick_labels.font.size = Pt(11)
    chart.value_axis.tick_labels.number_format, chart.value_axis.tick_labels.number_format_is_linked = (
        "0.0",
        False,
    )
    chart.value_axis.major_gridlines.format.line.color.rgb = _rgb(LINE)
    chart.category_axis.reverse_order = kind.startswith("BAR")
    if kind.startswith("BAR"):
        chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    return chart


def _plain(text: str, longest: int) -> str:
    """Text of readable length, without signs that XML cannot hold."""
    clean = "".join(letter for letter in text if letter.isprintable() or letter == " ")
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"
