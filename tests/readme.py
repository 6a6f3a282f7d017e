"""Refresh the output blocks of README.md and of the documentation, and README's picture: ``python -m tests.readme``.

Each block names the command that prints it; the picture is the quickstart's report in Debian's chromium.
"""

import io
import re
import shlex
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

from tests.rig.repository import ROOT

README = ROOT / "README.md"
PAGES = tuple(sorted((ROOT / "docs").rglob("*.md")))
PICTURE = ROOT / "configs" / "pictures" / "report.png"
BLOCK = re.compile(
    r"<!-- output of: csmsim (?P<command>.*?)(?: \| (?P<end>head|tail) (?P<lines>\d+))? -->\n```text\n(?P<text>.*?)```",
    re.S,
)


def printed(command: str, end: str | None, lines: str | None, folder: str) -> str:
    """What a command of the README prints, or its head or tail; what it writes under ``results/`` goes to a folder."""
    import os

    from sim.cli import command as run_command

    words = [word.replace("results/", f"{folder}/") for word in shlex.split(command)]
    here, out = Path.cwd(), io.StringIO()
    try:
        os.chdir(ROOT)
        with redirect_stdout(out):
            code = run_command(words)
    finally:
        os.chdir(here)
    assert code == 0, command
    shown = out.getvalue().replace(folder, "results").strip("\n").splitlines()
    number = int(lines or len(shown))
    shown = shown[-number:] if end == "tail" else shown[:number]
    return "\n".join(line.rstrip() for line in shown) + "\n"


def refreshed(text: str, only: tuple[str, ...] = ()) -> str:
    """README with every output block (or those of some commands) as the commands print them now, one after the other."""
    with tempfile.TemporaryDirectory() as folder:

        def block(match: re.Match[str]) -> str:
            if only and match["command"].split()[0] not in only:
                return match[0]
            before = match[0][: match.start("text") - match.start()]
            return f"{before}{printed(match['command'], match['end'], match['lines'], folder)}```"

        return BLOCK.sub(block, text)


def take_picture(path: Path) -> None:
    """The head of the quickstart's ``report.html``, as a browser shows it."""
    sys.path.insert(0, str(ROOT / "tests" / "report"))
    from sim.cli import command as run_command
    from tests.rig.readers.chromium import opened, started

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        assert (
            run_command(["run", str(ROOT / "configs/studies/quickstart.toml"), "--out", str(out), "--json"])
            == 0
        )
        with started() as browser, opened(browser, out / "report.html", 1120) as (tab, _):
            figure = tab.locator("#differences figure").bounding_box()
            height = figure["y"] + figure["height"] + 12
            path.parent.mkdir(exist_ok=True)
            tab.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": 1120, "height": height})


if __name__ == "__main__":
    with redirect_stdout(io.StringIO()):
        take_picture(PICTURE)
    for page in (README, *PAGES):
        page.write_text(refreshed(page.read_text()))
