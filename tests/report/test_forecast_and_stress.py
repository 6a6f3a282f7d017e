"""Pages and workbooks of the board's forecast and of a stress suite: true to their documents, quiet in a browser."""

import copy
import csv
import io

import pytest

from sim.questions.forecast.figures import accrual_lines, market_fans, pay_ranges, variance_stack
from sim.questions.forecast.findings import accrual_finding, luck_finding, market_finding, years_finding
from sim.questions.registry import typed
from sim.questions.stress.figures import cost_swings, heat
from sim.questions.stress.findings import heat_finding, reverse_finding, tornado_finding
from sim.questions.stress.summary import StressSuite
from tests.rig.inputs.harm import HARM
from tests.rig.readers.chromium import opened, started
from tests.rig.readers.figures import value_at
from tests.rig.readers.markup import Checked
from tests.rig.readers.office import converted
from tests.rig.readers.texts import page, tables, workbook

pytest.importorskip("jinja2", reason="the extra 'report' is not installed")
pytest.importorskip("xlsxwriter", reason="the extra 'report' is not installed")

pytestmark = pytest.mark.jit  # reports are the same with or without compiled kernels

EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


@pytest.fixture(scope="module")
def browser():
    with started() as found:
        yield found


@pytest.mark.parametrize("kind", ["forecast", "stressed"])
def test_every_table_is_on_a_well_formed_page(kind, request):
    document = request.getfixturevalue(kind)
    text = page(document)
    checked = Checked(text)
    assert not checked.faults
    assert not checked.open
    found = tables(document)
    assert len(found) >= 6
    for table in found:
        assert f'<table data-name="{table.name}">' in text


@pytest.mark.parametrize("kind", ["forecast", "stressed"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_browser_shows_it_at_any_width_without_a_word(browser, kind, width, scheme, request, tmp_path):
    document = request.getfixturevalue(kind)
    path = tmp_path / "report.html"
    path.write_text(page(document), encoding="utf-8")
    with opened(browser, path, width, color_scheme=scheme) as (tab, noise):
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        for figure in tab.locator("figure").all():
            assert figure.locator("figcaption").inner_text()
        for section in tab.locator("main section").all():
            assert section.locator("h2").inner_text()
        assert noise == []


def test_the_heat_table_in_the_browser_holds_the_suite_s_changes(browser, stressed, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(page(stressed), encoding="utf-8")
    with opened(browser, path) as (tab, _):
        rows = tab.locator("table.heat").first.locator("tbody tr").all()
        for row in rows:
            plan = row.locator("th").inner_text()
            for name, cell in zip(stressed["stresses"], row.locator("td").all(), strict=True):
                entry = stressed["stresses"][name]["plans"][plan]
                said = cell.locator("b").get_attribute("aria-label")
                assert {"keeps every limit": "pass", "breaks a limit": "fail"}.get(said, said) == entry[
                    "verdict"
                ]
                if entry["change_share"]:
                    shown = float(cell.locator("span").inner_text().replace("−", "-").removesuffix(" %"))
                    assert shown == pytest.approx(100 * entry["change_share"], abs=0.051)


def test_every_key_of_the_suite_is_known_and_stays_as_it_is(stressed):
    assert StressSuite.model_validate(stressed).document() == stressed


def test_heat_has_the_sign_and_the_strength_of_the_change(stressed):
    shape = heat(StressSuite.model_validate(stressed))
    for row in shape.rows:
        for (name, _), cell in zip(shape.columns, row.cells, strict=True):
            change = stressed["stresses"][name]["plans"][row.name]["change_share"]
            assert cell.tone == ("dearer" if change > 0 else "cheaper" if change < 0 else "")
            assert cell.heat == pytest.approx(min(abs(change) / 0.1, 1.0), abs=1e-3)


def test_the_tornado_stands_at_its_places_widest_first(stressed):
    suite = StressSuite.model_validate(stressed)
    shape = cost_swings(suite, suite.tornado)
    inputs = stressed["tornado"]["inputs"]
    assert shape.panels[0].name == "today"
    for panel in shape.panels:
        reach = []
        for row in panel.rows:
            entry = inputs[row.key]["plans"][panel.name]
            assert value_at(shape.axis, row.low) == pytest.approx(entry["low"], rel=1e-2, abs=20.0)
            reach.append(max(abs(entry["low"]), abs(entry["high"])))
        assert reach == sorted(reach, reverse=True)


def test_stress_findings_name_what_the_suite_found(stressed):
    inputs, suite = stressed["tornado"]["inputs"], StressSuite.model_validate(stressed)
    widest = max(
        inputs, key=lambda path: max(abs(inputs[path]["plans"]["today"][end]) for end in ("low", "high"))
    )
    assert f"moves most with {widest.removeprefix('segment.*.')}:" in tornado_finding(suite, suite.tornado)
    assert heat_finding(suite)
    assert reverse_finding(suite.reverse)
    free = copy.deepcopy(stressed) | {"limits": {}}
    assert "the budget of $600K" in heat_finding(StressSuite.model_validate(free))
    del free["study"]["budget"]
    assert heat_finding(StressSuite.model_validate(free)).startswith(
        "The study names neither limits nor a budget. Cost rises most under "
    )


def test_figures_of_the_forecast_stand_at_its_numbers(forecast):
    fans = market_fans(typed(forecast))
    for panel in fans.panels:
        levels = forecast["plans"][panel.name]["macro"]["levels"]
        for (_, top), each in zip(panel.median, levels, strict=True):
            assert value_at(fans.y, 100.0 - top) == pytest.approx(each["p50"], rel=1e-3)
    stack = variance_stack(typed(forecast))
    for row in stack.rows:
        part = forecast["plans"][row.name]["macro"]["volatility"]["market_share"]
        assert row.segments[0].bar.width == pytest.approx(100.0 * min(max(part, 0.0), 1.0), abs=1e-2)
    lines = accrual_lines(typed(forecast))
    for panel in lines.panels:
        for (_, top), (_, paid), each in zip(
            panel.line, panel.dashes, forecast["plans"][panel.name]["accrual"], strict=True
        ):
            assert value_at(lines.y, 100.0 - top) == pytest.approx(each["accrued"], rel=1e-3, abs=1.0)
            assert value_at(lines.y, 100.0 - paid) == pytest.approx(each["cash"], rel=1e-3, abs=1.0)


def test_forecast_findings_hold_its_numbers(forecast):
    plan = forecast["plans"]["today"]
    assert "year 1" in years_finding(typed(forecast))
    assert "standard deviations" in market_finding(typed(forecast))
    assert "of the variance of cost" in luck_finding(typed(forecast))
    left = sum(each["accrued"] - each["cash"] for each in plan["accrual"])
    assert left > 0.0
    assert "accrued and not paid out" in accrual_finding(typed(forecast))


def test_a_plan_that_pays_nothing_has_no_share_of_it_to_tell(forecast):
    """Neither in a sentence nor in the terminal's table is anything divided by a cost of nothing."""
    from sim.report.written import report_text

    free = copy.deepcopy(forecast)
    for plan in free["plans"].values():
        for level in plan.get("macro", {}).get("levels", ()):
            level["mean"] = level["change"] = 0.0
    assert "costs nothing at the market" in market_finding(typed(free))
    assert "Sensitivity to the market" in report_text(free)


def test_pay_stands_beside_the_market(forecast):
    shape = pay_ranges(typed(forecast))
    if shape is None:
        assert not any("benchmark" in plan.get("forecast", {}) for plan in forecast["plans"].values())
        return
    names = [row.name for row in shape.rows]
    assert names[: len(forecast["plans"])] == list(forecast["plans"])
    for row in shape.rows[: len(forecast["plans"])]:
        entry = forecast["plans"][row.name]["forecast"]["benchmark"]
        assert value_at(shape.axis, row.mean) == pytest.approx(entry["expected"], rel=1e-3)


def test_a_stress_workbook_opens_with_the_suite_s_numbers(stressed, tmp_path):
    path = tmp_path / "workbook.xlsx"
    path.write_bytes(workbook(stressed))
    sheets = {each.stem.removeprefix("workbook-"): each for each in converted(path, EVERY_SHEET, tmp_path)}
    found = {table.name: table for table in tables(stressed)}
    assert set(found) < set(sheets)
    rows = list(csv.reader(io.StringIO(sheets["stresses"].read_text(encoding="utf-8"))))
    at = [column.key for column in found["stresses"].columns].index("mean")
    for row, values in zip(rows[4:], found["stresses"].rows, strict=False):
        assert float(row[at]) == pytest.approx(values[at], rel=1e-12)


def test_harmful_names_do_nothing_on_a_stress_page(browser, stressed, tmp_path):
    harmful = copy.deepcopy(stressed)
    for stress in harmful["stresses"].values():
        for text in HARM.values():
            stress["plans"][text] = stress["plans"]["today"]
        stress |= {key: HARM["closing"] for key in ("title", "source") if key in stress}
    for bar in harmful["tornado"]["inputs"].values():
        for text in HARM.values():
            bar["plans"][text] = bar["plans"]["today"]
    path = tmp_path / "report.html"
    path.write_bytes(page(harmful).encode("utf-8", "replace"))
    with opened(browser, path, 390) as (tab, noise):
        assert tab.title() != "taken"
        assert tab.locator("img, iframe, svg[onload]").count() == 0
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        assert noise == []
