"""Refresh the output blocks of README.md: ``python tests/readme.py``. Each names the command that prints it."""

import io
import re
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(
    r"<!-- output of: csmsim (?P<command>.*?)(?: \| head (?P<lines>\d+))? -->\n```text\n(?P<text>.*?)```",
    re.S,
)


def printed(command: str, lines: str | None) -> str:
    """What a command of the README prints, its files going to a temporary folder."""
    import os

    from sim.cli import command as run_command

    with tempfile.TemporaryDirectory() as folder:
        words = [f"{folder}/out" if word.startswith("results/") else word for word in command.split()]
        here, out = Path.cwd(), io.StringIO()
        try:
            os.chdir(ROOT)
            with redirect_stdout(out):
                code = run_command(words)
        finally:
            os.chdir(here)
    assert code == 0, command
    shown = out.getvalue().strip("\n").splitlines()
    return "\n".join(line.rstrip() for line in shown[: int(lines) if lines else None]) + "\n"


def refreshed(text: str, only: str = "") -> str:
    """README with every output block (or those of commands that contain ``only``) as the commands print them now."""

    def block(match: re.Match[str]) -> str:
        if only not in match["command"]:
            return match[0]
        before = match[0][: match.start("text") - match.start()]
        return f"{before}{printed(match['command'], match['lines'])}```"

    return BLOCK.sub(block, text)


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text()))
