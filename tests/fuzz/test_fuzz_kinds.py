"""Some mutated inputs of every kind of file: refused with a sentence or run to a finite result, never a fault or a hang."""

import contextlib
import os
import shutil
import time

import pytest

from sim.cli import command
from tests.fuzz import children
from tests.fuzz.answers import answer, prepared
from tests.fuzz.inputs import BESIDE, FEW_WORLDS, KINDS, few_worlds, parquet_of
from tests.fuzz.valid import DRAWS

pytestmark = (
    pytest.mark.jit
)  # hundreds of runs: without compiled kernels too slow, and no other code is reached

INPUTS = 25


@pytest.fixture(scope="module")
def laid():
    with prepared() as folder_and_summary:
        yield folder_and_summary


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_mutated_is_valid(kind, laid):
    folder, documents = laid
    place, commands, valid, lay = KINDS[kind]
    for text in valid[:2] or (documents.get(kind, BESIDE.get(place)),):
        for each, beside in (BESIDE | lay | {place: text}).items():
            content = parquet_of(DRAWS) if beside is None else beside.encode()
            (folder / each).write_bytes(content)
        for arguments in commands:
            shutil.rmtree(folder / "out", ignore_errors=True)
            with contextlib.chdir(folder):
                assert command(arguments) == 0, arguments


@pytest.mark.parametrize("kind", KINDS)
def test_no_input_is_a_fault(kind, laid):
    answers = {number: answer(kind, number, *laid) for number in range(INPUTS)}
    assert {number: said for number, (_, said) in answers.items() if said} == {}
    outcomes = {outcome for outcome, _ in answers.values()}
    assert "refused" in outcomes
    further = range(INPUTS, 8 * INPUTS)  # of some kinds few mutations are sound
    assert "ran" in outcomes or any(answer(kind, number, *laid)[0] == "ran" for number in further)


def test_a_process_that_dies_or_hangs_is_one_outcome_and_the_rest_is_answered(monkeypatch):
    ends = {2: lambda: os._exit(3), 5: lambda: time.sleep(60)}
    monkeypatch.setattr(children, "PATIENCE", 1.0)
    monkeypatch.setattr(children, "answer", lambda kind, number: ends.get(number, lambda: ("ran", ""))())
    found = {number: outcome for number, outcome, _ in children.outcomes("plan", range(7), ())}
    assert found == {number: {2: "fault", 5: "hang"}.get(number, "ran") for number in range(7)}


def test_a_long_job_is_made_short_and_what_is_refused_stays():
    study = {"worlds": 10**6, "forecast": {"level_worlds": 10**6, "luck_worlds": 8}, "budget": 10**6}
    small = {
        "worlds": FEW_WORLDS,
        "forecast": {"level_worlds": FEW_WORLDS, "luck_worlds": 8},
        "budget": 10**6,
    }
    assert few_worlds(study) == small
    refused = {"worlds": 10**30, "gaming": {"worlds": -1}, "stress": [{"worlds": True}]}
    assert few_worlds(refused) == refused
