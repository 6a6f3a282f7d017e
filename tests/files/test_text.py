import os
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.files.text import read_text


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def said(path):
    with pytest.raises(InputError) as caught:
        read_text(Path(path))
    return str(caught.value)


def test_a_missing_file():
    assert said("plan.toml") == "plan.toml must be an existing file, received nothing at this path."


def test_a_directory():
    Path("plans").mkdir()
    assert said("plans") == "plans must be a file, received a directory."


def test_a_pipe_would_block_for_ever():
    os.mkfifo("pipe")
    assert said("pipe") == "pipe must be a regular file, received a device or a pipe."


def test_a_device_would_never_end():
    assert said("/dev/zero") == "/dev/zero must be a regular file, received a device or a pipe."


def test_a_path_below_a_file():
    Path("plan.toml").touch()
    assert said("plan.toml/x") == "plan.toml/x must be a readable file, received 'Not a directory'."


def test_a_name_no_file_system_takes():
    assert said("x" * 5000).endswith(" must be a readable file, received 'File name too long'.")
    assert said("a\0b") == r"a\x00b must be a readable file, received 'embedded null byte'."


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_an_unreadable_file():
    Path("plan.toml").touch(mode=0)
    assert said("plan.toml") == "plan.toml must be a readable file, received 'Permission denied'."


def test_a_workbook_is_named_as_one():
    Path("deals.xlsx").write_bytes(b"PK\x03\x04\x14\x00\xac\x00")
    assert said("deals.xlsx") == (
        "deals.xlsx must be UTF-8 text, received a workbook or another packed file. Save its sheet as CSV (UTF-8)."
    )
