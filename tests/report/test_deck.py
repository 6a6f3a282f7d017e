"""The deck: five slides with native charts, opened by LibreOffice, inert to any name."""

import io
import zipfile

import openpyxl
import pytest

from sim.report.office.deck import deck as deck_of
from sim.shapes.report import Report, Said
from sim.shapes.section import Section
from sim.shapes.slide import Slide, SlideChart
from tests.rig.inputs.harm import HARM
from tests.rig.readers.office import converted
from tests.rig.readers.texts import deck

pptx = pytest.importorskip("pptx", reason="the extra 'report' is not installed")

pytestmark = pytest.mark.jit  # reports are the same with or without compiled kernels


def slides_of(content):
    return list(pptx.Presentation(io.BytesIO(content)).slides)


def text_of(slide):
    return " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_five_slides_whose_charts_hold_the_summary_s_numbers(document):
    slides = slides_of(deck(document))
    assert len(slides) == 5
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 3
    difference, cost, course = charts
    others = [plan for name, plan in document["plans"].items() if name != "today"]
    shown = list(difference.plots[0].series[0].values)
    assert shown == pytest.approx([plan["vs_baseline"]["p50"] / 1e6 for plan in others])
    ends = [sum(values) for values in zip(*(each.values for each in cost.plots[0].series), strict=True)]
    assert ends == pytest.approx([plan["cost"]["p90"] / 1e6 for plan in document["plans"].values()])
    budget = document["study"]["budget"] / document["study"]["periods"] / 1e6
    assert list(course.plots[0].series[3].values) == pytest.approx([budget] * 4)


def test_a_market_has_a_slide_of_its_own(forecast):
    slides = slides_of(deck(forecast))
    assert len(slides) == 6
    (chart,) = [shape.chart for shape in slides[4].shapes if shape.has_chart]
    levels = forecast["plans"]["today"]["macro"]["levels"]
    ends = [sum(values) for values in zip(*(each.values for each in chart.plots[0].series), strict=True)]
    assert ends == pytest.approx([each["p90"] / 1e6 for each in levels])


def test_sentences_leave_room_for_the_chart_and_for_each_other():
    told = "Under one plan of many the company pays more than it planned, in most of its worlds. " * 10
    content = Slide(
        "Long", told, SlideChart("ranges", "$M", ("a",), (("P10", (0.0,)), ("P50", (0.0,)), ("P90", (0.0,))))
    )
    section = Section("long", "Long", told, slide=content)
    report = Report("kind", "title", "size", ("a",), (Said("long", told),) * 4, (section,), "origin")
    for slide in slides_of(deck_of(report)):
        texts = [shape for shape in slide.shapes if shape.has_text_frame]
        below = [shape.top for shape in slide.shapes if shape.has_chart] or [7.5 * 914_400]
        assert texts[-1].top + texts[-1].height <= below[0]


def test_harmful_names_make_a_deck_of_readable_slides(harmful):
    slides = slides_of(deck(harmful))
    assert len(slides) == 5
    assert all(len(text_of(slide)) < 4_000 for slide in slides)
    for slide in slides:
        assert all(letter.isprintable() or letter.isspace() for letter in text_of(slide))
    with zipfile.ZipFile(io.BytesIO(deck(harmful))) as parts:
        assert not any(
            "TargetMode" in parts.read(name).decode() for name in parts.namelist() if "rels" in name
        )


def test_libreoffice_opens_five_pages(document, tmp_path):
    path = tmp_path / "deck.pptx"
    path.write_bytes(deck(document))
    (opened,) = converted(path, "odp", tmp_path)
    with zipfile.ZipFile(opened) as parts:
        content = parts.read("content.xml").decode()
    assert content.count("<draw:page ") == 5
    assert "Cost against today" in content


def test_no_name_is_a_formula_in_the_workbooks_behind_the_charts(harmful):
    strings = set()
    with zipfile.ZipFile(io.BytesIO(deck(harmful))) as parts:
        behind = [name for name in parts.namelist() if name.startswith("ppt/embeddings/")]
        assert len(behind) == 3
        for name in behind:
            cells = [
                cell
                for row in openpyxl.load_workbook(io.BytesIO(parts.read(name))).active.iter_rows()
                for cell in row
            ]
            assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
            strings |= {cell.value for cell in cells if cell.data_type == "s"}
    assert {"today", HARM["plus"], HARM["minus"]} <= strings
