"""Two editors' checkers take every shipped file by the schema that it names, and flag a wrong one."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rig.repository import ROOT

CHECKERS = {"taplo": ("lint", "--no-auto-config"), "tombi": ("lint", "--offline")}


def checked(name, paths):
    program = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    return subprocess.run(
        [program, *CHECKERS[name], *map(str, paths)], capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.mark.parametrize("name", CHECKERS)
def test_a_checker_takes_every_shipped_file(name):
    done = checked(name, sorted((ROOT / "configs").rglob("*.toml")))
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.parametrize("name", CHECKERS)
def test_a_checker_flags_a_wrong_key_and_a_wrong_choice(name, tmp_path):
    shutil.copytree(ROOT / "configs/schemas", tmp_path / "schemas")
    text = (ROOT / "configs/plans/base.toml").read_text()
    (tmp_path / "plans").mkdir()
    wrong = tmp_path / "plans" / "base.toml"
    wrong.write_text(text.replace("pay_mix", "pay_mx").replace('"retention"', '"retenton"'))
    done = checked(name, [wrong])
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "pay_mx" in said
    assert "retenton" in said
