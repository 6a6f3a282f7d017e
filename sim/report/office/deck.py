"""A report as slides for a board: what it says in short, a slide for each section that has one, and what it rests on."""

import io
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any, Final

from sim.shapes.fragile import ERROR_NOTE
from sim.shapes.report import Report
from sim.shapes.slide import Slide as Content
from sim.shapes.slide import SlideChart

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

BLUE, PALE, ORANGE, LINE = "2F5D8A", "9DB6CF", "B4541A", "DFE2E6"
"""Of bars and lines. [RGB]"""
SIZES: Final = (20.0, 18.0, 16.0, 14.0, 12.0, 11.0, 10.0)
"""Of letters. [pt]"""
LEFT: Final = 0.7
TOP: Final = 1.25
WIDE: Final = 11.9
HIGH: Final = 5.9
"""Where texts and charts stand. [inch]"""
SHORT: Final = 1.2
"""Of a sentence over a chart. [inch]"""
LONGEST: Final = 900
"""Of a sentence. [character]"""
POINTS: Final = 72.0
"""In an inch. [pt]"""
LETTER: Final = 0.52
LEADING: Final = 1.25
SPACE: Final = 0.7
"""A mean letter's width, a line's height and the space after a paragraph. [of the letters' size]"""


def deck(report: Report) -> bytes:
    """The content of ``deck.pptx``."""
    from pptx import Presentation
    from pptx.util import Inches

    slides = Presentation()
    slides.slide_width, slides.slide_height = Inches(13.333), Inches(7.5)
    _told(slides, report.title, [*(said.sentence for said in report.short), f"{report.size}."])
    for section in report.sections:
        if section.slide is not None:
            _charted(slides, section.slide)
    _told(slides, "What this rests on", [*report.rests, ERROR_NOTE, f"{report.origin}."])
    out = io.BytesIO()
    slides.save(out)
    return out.getvalue()


def _told(slides: "Presentation", title: str, sentences: list[str]) -> None:
    """A slide of sentences alone."""
    texts = [_plain(sentence, LONGEST) for sentence in sentences]
    _slide(slides, title, texts, _size_of(texts, SIZES, HIGH))


def _charted(slides: "Presentation", content: Content) -> None:
    sentence = _plain(content.sentence, LONGEST)
    size = _size_of([sentence], SIZES[1:4], SHORT)
    slide = _slide(slides, content.title, [sentence], size)
    draw = {"bars": _bars, "ranges": _ranges, "lines": _lines}
    draw[content.chart.kind](slide, content.chart, TOP + max(SHORT, height_of([sentence], size)))


def _bars(slide: "Slide", shape: SlideChart, top: float) -> None:
    """Each number as a bar from zero, with what it is."""
    chart = _add_chart(slide, "BAR_CLUSTERED", _chart_of(shape.names, dict(shape.series)), shape.title, top)
    chart.has_legend = False
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 60, True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "+0.00;-0.00;0", False
    _paint(plot.series[0], BLUE)


def _ranges(slide: "Slide", shape: SlideChart, top: float) -> None:
    """From the first number to the last, the shade changes at the one between."""
    (first, low), (second, middle), (third, high) = shape.series
    series = {
        first: low,
        f"{first} to {second}": tuple(above - below for below, above in zip(low, middle, strict=True)),
        f"{second} to {third}": tuple(above - below for below, above in zip(middle, high, strict=True)),
    }
    chart = _add_chart(slide, "BAR_STACKED", _chart_of(shape.names, series), shape.title, top)
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, 100
    hidden, below, above = chart.plots[0].series
    hidden.format.fill.background()
    _paint(below, BLUE)
    _paint(above, PALE)
    if max(high) > 0.0:
        step = 10.0 ** floor(log10(max(high)))
        chart.value_axis.minimum_scale = floor(min(low) / step * 2) * step / 2
    chart.has_legend = False


def _lines(slide: "Slide", shape: SlideChart, top: float) -> None:
    """A line for each series: the second stands out, a fourth is what the others are held against."""
    chart = _add_chart(slide, "LINE", _chart_of(shape.names, dict(shape.series)), shape.title, top)
    for line, color in zip(chart.plots[0].series, (PALE, BLUE, PALE, ORANGE), strict=False):
        line.format.line.color.rgb, line.smooth = _rgb(color), False


def _slide(slides: "Presentation", title: str, texts: list[str], size: float) -> "Slide":
    """A slide with a title and paragraphs below it. size : of their letters. [pt]"""
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Inches, Pt

    slide = slides.slides.add_slide(slides.slide_layouts[5])
    heading = slide.shapes.title
    heading.left, heading.top = Inches(LEFT), Inches(0.35)
    heading.width, heading.height = Inches(WIDE), Inches(0.9)
    heading.text_frame.text = _plain(title, 120)
    heading.text_frame.word_wrap, heading.text_frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    heading.text_frame.paragraphs[0].runs[0].font.size = Pt(30)
    place = (Inches(LEFT), Inches(TOP), Inches(WIDE), Inches(height_of(texts, size)))
    box = slide.shapes.add_textbox(*place).text_frame
    box.word_wrap = True
    for number, text in enumerate(texts):
        paragraph = box.paragraphs[0] if number == 0 else box.add_paragraph()
        paragraph.text = text
        paragraph.font.size = Pt(size)
        paragraph.space_after = Pt(SPACE * size)
    return slide


def _size_of(texts: list[str], sizes: tuple[float, ...], high: float) -> float:
    """The largest of the letters in which paragraphs are no higher; else the smallest. [pt]"""
    return next((size for size in sizes if height_of(texts, size) <= high), sizes[-1])


def height_of(texts: list[str], size: float) -> float:
    """About how high paragraphs stand on a slide in letters of a size in pt. [inch]"""
    letters = WIDE * POINTS / (LETTER * size)
    lines = sum(ceil(len(text) / letters) for text in texts)
    return (lines * LEADING + (len(texts) - 1) * SPACE) * size / POINTS


def _chart_of(names: tuple[str, ...], series: dict[str, tuple[float, ...]]) -> Any:
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
        sheet.write_column(1, 0, [category.label for category in content.categories])
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


def _add_chart(slide: Any, kind: str, content: Any, title: str, top: float) -> Any:
    """A native chart from ``top`` [inch] on; bars lie, the first plan on top."""
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Inches, Pt

    place = (Inches(LEFT), Inches(top), Inches(WIDE), Inches(TOP + HIGH - top))
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
