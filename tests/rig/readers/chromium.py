"""Debian's chromium, headless, for the tests that open a report as a reader would."""

import shutil
from contextlib import contextmanager

import pytest

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def started():
    """One browser for many pages."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with driver.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(browser, path, width=1280, **settings):
    """A page of ``path`` in the browser, and everything it complained of or asked the network for."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
    try:
        tab = context.new_page()
        noise = []
        tab.on("console", lambda message: noise.append(message.text))
        tab.on("pageerror", lambda error: noise.append(str(error)))
        tab.on("dialog", lambda dialog: (noise.append("dialog"), dialog.dismiss()))
        tab.on("request", lambda sent: None if sent.url.startswith("file:") else noise.append(sent.url))
        tab.goto(path.as_uri())
        yield tab, noise
    finally:
        context.close()
