"""The page in a browser: dragged, undone, reloaded from its address, saved; by keyboard, at phone width, and by name."""

import json
import os
import re
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import sim
from tests.rig.inputs.harm import HARM
from tests.rig.inputs.small_study import write_study
from tests.rig.readers.chromium import started
from tests.rig.repository import ROOT

pytestmark = pytest.mark.jit

RATE = "[id='f-component[0].quota.rate']"
SLIDER = "[id='f-component[0].quota.rate-slider']"
NAME = HARM["closing"]
CARD = ".card b >> nth=0"


@pytest.fixture(scope="module")
def browser():
    with started() as found:
        yield found


@pytest.fixture(scope="module")
def program(tmp_path_factory, browser):
    """The program itself, on a small study one of whose plans has a name that tries to do harm."""
    pytest.importorskip("uvicorn", reason="the extra 'app' is not installed")
    path = write_study(tmp_path_factory.mktemp("app") / "small")
    plan = path.parent / "plans" / "multiplier.toml"
    plan.write_text(plan.read_text().replace('"multiplier"', json.dumps(NAME)))
    command = [
        sys.executable,
        "-m",
        "sim",
        "app",
        str(path),
        "--no-open",
        "--worlds",
        "128",
        "--plan",
        "capped",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=path.parent)
    try:
        address = re.search(r"http\S+", running.stdout.readline())[0]
        yield address
    finally:
        running.send_signal(signal.SIGTERM)
        code = running.wait(20)
        running.stdout.close()
    assert code == 128 + signal.SIGTERM


@pytest.fixture(scope="module")
def session(program, browser):
    """A browser that was given the address; every page of it, and what it complained of or asked beyond this machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=False)
    noise = []
    context.on("console", lambda message: noise.append(message.text))
    context.on("weberror", lambda error: noise.append(str(error.error)))
    home = program.partition("?")[0]
    context.on(
        "request", lambda sent: None if sent.url.startswith((home, "blob:")) else noise.append(sent.url)
    )
    tab = context.new_page()
    tab.goto(program)
    tab.wait_for_selector(".card")
    tab.close()
    yield context, home, noise
    assert noise == []
    context.close()


@pytest.fixture
def tab(session):
    context, home, _ = session
    page = context.new_page()
    page.goto(home)
    page.wait_for_selector(RATE)
    settled(page)
    yield page
    page.close()


def settled(page):
    page.wait_for_selector("#results[aria-busy='false']")  # evaluating a condition the page's policy forbids


def cost(page):
    settled(page)
    return page.inner_text(CARD)


def test_a_change_is_settled_undone_reloaded_and_saved(tab, session, tmp_path):
    assert "token" not in tab.url
    before = cost(tab)
    box = tab.locator(SLIDER).bounding_box()
    middle = box["y"] + box["height"] / 2
    tab.mouse.move(box["x"] + 0.45 * box["width"], middle)
    tab.mouse.down()
    for part in (0.42, 0.38, 0.34, 0.3):
        tab.mouse.move(box["x"] + part * box["width"], middle)
    tab.mouse.up()
    rate = float(tab.input_value(RATE))
    assert 0.4 < rate < 0.8
    after = cost(tab)
    assert after != before
    assert tab.locator("#undo").is_enabled()
    assert f"quota.rate={rate:g}" in tab.url

    tab.reload()
    assert (cost(tab), float(tab.input_value(RATE))) == (after, rate)
    tab.fill(RATE, "0.85")
    tab.press(RATE, "Tab")
    assert cost(tab) != after
    tab.click("#undo")
    assert (cost(tab), float(tab.input_value(RATE))) == (after, rate)
    tab.click("#redo")
    tab.keyboard.press("Control+z")
    assert (cost(tab), float(tab.input_value(RATE))) == (after, rate)

    with tab.expect_download() as download:
        tab.fill("#name", "mine")
        tab.press("#name", "Enter")
    saved = tmp_path / "mine.toml"
    download.value.save_as(saved)
    plan = sim.Plan.from_toml(saved.read_text())
    assert (plan.name, plan.component[0].quota.rate) == ("mine", rate)


def test_by_keyboard_alone(tab):
    tab.locator(SLIDER).focus()
    before = float(tab.input_value(RATE))
    for _ in range(3):
        tab.keyboard.press("ArrowLeft")
    assert float(tab.input_value(RATE)) == pytest.approx(before - 0.03)
    assert tab.get_attribute(SLIDER, "aria-valuetext") == f"{100 * (before - 0.03):g} %"
    settled(tab)
    assert tab.evaluate("document.activeElement.id") == "f-component[0].quota.rate-slider"
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.id") == "f-component[0].quota.rate"
    tab.locator("#spoken").filter(has_text="capped, changed: median cost").wait_for(state="attached")


def test_a_rule_is_added_moved_and_taken_out_by_keyboard(tab, tmp_path):
    """A cap: its field has the focus at once, bites when it is moved, is in the address and the file; then it goes."""
    before = cost(tab)
    tab.locator("#adds summary").focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Draw").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector("[id='f-draw.share']")
    assert tab.evaluate("document.activeElement.id") == "f-draw.share"
    tab.keyboard.type("1")
    tab.get_by_role("button", name="Clawback").focus()
    tab.keyboard.press("Enter")
    field = "[id='f-clawback[0].periods']"
    tab.wait_for_selector(field)
    tab.wait_for_selector("#results[aria-busy='false']")
    assert cost(tab) != before
    assert "clawback%5B0%5D.periods=2" in tab.url
    assert tab.get_by_role("button", name="Clawback").count() == 1
    with tab.expect_download() as download:
        tab.press("#name", "Enter")
    saved = tmp_path / "with-rules.toml"
    download.value.save_as(saved)
    plan = sim.Plan.from_toml(saved.read_text())
    assert (len(plan.clawback), plan.draw is not None) == (1, True)
    tab.locator(field).locator("xpath=../..").get_by_role("button", name="Take this rule out").click()
    tab.wait_for_selector(field, state="detached")
    assert "clawback" not in tab.url
    assert "draw" in tab.url
    tab.click("#undo")
    tab.wait_for_selector(field)
    tab.click("#reset")
    tab.wait_for_selector("[id='f-draw.share']", state="detached")
    assert cost(tab) == before


def test_bad_input_is_said_beside_the_field_and_leaves_the_last_figures(tab):
    before = cost(tab)
    tab.fill(RATE, "90")
    error = tab.locator("[id='f-component[0].quota.rate-error']")
    error.wait_for(state="visible")
    assert "A share: 90 % is 0.9" in error.inner_text()
    assert tab.get_attribute(RATE, "aria-invalid") == "true"
    assert "This is no plan" in tab.inner_text("#status")
    assert tab.inner_text(CARD) == before
    tab.fill(RATE, "0.9")
    error.wait_for(state="hidden")
    assert cost(tab) == before
    tab.evaluate("location.hash = 'plan=nobody'")
    tab.wait_for_selector("#refused:not([hidden])")
    assert "of the study, one of" in tab.inner_text("#refused")


def test_two_variants_stand_side_by_side_and_names_are_text(tab):
    tab.check("#two")
    tab.select_option("#plan", NAME)
    settled(tab)
    tab.locator(".card").nth(1).wait_for()
    titles = tab.locator(".card h3").all_inner_texts()
    assert titles == ["A: capped", f"B: {NAME}"]
    one, other = (tab.locator(".card").nth(place).bounding_box() for place in (0, 1))
    assert abs(one["y"] - other["y"]) < 1
    tab.click("#undo")
    tab.click("#undo")
    tab.locator(".card").nth(1).wait_for(state="detached")


def test_variants_are_confirmed_from_the_page(tab):
    tab.click("#confirm")
    tab.wait_for_selector("#stop:not([hidden])")
    tab.click("#stop")
    tab.locator("#confirm-said").filter(has_text=re.compile("Stopped|bear out|go by")).wait_for()
    assert tab.locator("#stop").is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(session, browser, scheme, program):
    context, home, _ = session
    phone = browser.new_context(
        viewport={"width": 390, "height": 844}, storage_state=context.storage_state(), color_scheme=scheme
    )
    page = phone.new_page()
    page.goto(home)
    page.wait_for_selector(RATE)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate("document.getElementById('f-component[0].quota.rate').scrollIntoView({ block: 'center' })")
    assert page.locator(".card").first.is_visible()
    assert page.locator(".now").bounding_box()["y"] >= 0
    phone.close()


def test_a_second_browser_is_refused_in_a_sentence(program, browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto(program)
    page.wait_for_selector("#stopped:not([hidden])")
    assert "is good for one browser" in page.inner_text("#stopped")
    assert page.locator("#main").is_hidden()
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_serious(session, browser, width, scheme):
    package = find_spec("axe_playwright_python")
    if package is None:
        pytest.skip("axe-playwright-python is not installed")
    axe = (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    context, home, _ = session
    looked_at = browser.new_context(
        viewport={"width": width, "height": 900},
        storage_state=context.storage_state(),
        color_scheme=scheme,
        bypass_csp=True,
    )
    page = looked_at.new_page()
    page.goto(f"{home}#plan=capped&component%5B0%5D.quota.rate=90&b.plan=today")
    page.wait_for_selector("[id='f-component[0].quota.rate-error']:not([hidden])")
    page.goto(f"{home}#plan=capped&component%5B0%5D.quota.rate=0.8&b.plan=today")
    page.wait_for_selector(".card")
    settled(page)
    for folded in page.locator("details").all():
        folded.evaluate("each => { each.open = true; }")
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    serious = [
        (each["id"], [node["html"] for node in each["nodes"]][:3])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == []
    looked_at.close()
