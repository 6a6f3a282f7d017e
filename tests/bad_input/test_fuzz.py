"""Whatever the files hold, the program answers: with a result free of NaN, or with sentences. Never with a fault."""

import contextlib
import io
import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from sim.cli import command
from tests.fuzz.mutations import document_of, table_of, toml_text
from tests.rig.examples import examples
from tests.rig.inputs.valid_files import BOOK, COMMANDS, DEALS, VALID
from tests.rig.readers.answers import FEW_WORLDS, answer

pytestmark = (
    pytest.mark.jit
)  # thousands of runs: without compiled kernels too slow, and no other code is reached


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Compile every kernel first: the limit is for answers, not for a compiler on a busy machine."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for each, text in VALID.items():
            Path(each).write_text(text)
        for arguments in {arguments for used in COMMANDS.values() for arguments in used}:
            with contextlib.redirect_stdout(io.StringIO()):
                assert command([*arguments, *FEW_WORLDS[arguments[0]], "--json"]) == 0


def fuzz(number):
    return examples(number, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", COMMANDS)
@fuzz(40)
@given(content=st.binary(max_size=300))
def test_any_bytes(name, content):
    answer(name, content)


@pytest.mark.parametrize("name", COMMANDS)
@fuzz(40)
@given(data=st.data())
def test_a_valid_file_with_damaged_bytes(name, data):
    content = bytearray(VALID[name].encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    answer(name, bytes(content))


CHOICES = st.randoms(use_true_random=False)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name.endswith(".toml")])
@fuzz(150)
@given(choices=CHOICES)
def test_a_valid_document_with_mistakes(name, choices):
    answer(name, toml_text(document_of(tomllib.loads(VALID[name]), choices)))


@pytest.mark.parametrize(("name", "text"), [("book.csv", BOOK), ("deals.csv", DEALS)])
@fuzz(150)
@given(choices=CHOICES)
def test_a_valid_table_with_wrong_cells(name, text, choices):
    answer(name, table_of(text, choices))


def test_the_writer_of_this_test_writes_toml():
    for name in ("plan.toml", "scenario.toml", "study.toml"):
        document = tomllib.loads(VALID[name])
        assert tomllib.loads(toml_text(document)) == document
