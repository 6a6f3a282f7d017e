"""A command that was ended goes on from where it was, to the same bits; what is not its own is refused; nothing is left."""

import json
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from shutil import rmtree
from types import SimpleNamespace

import pytest

import sim
from sim.cli import command
from sim.cli.taken_up import taken_up
from sim.engine.executor import Remote
from sim.engine.pool import ALONE, Threads
from sim.engine.resumed import Resumed, fingerprint
from sim.engine.setting import prepare
from sim.errors import InputError, Problem
from sim.files.unfinished import Unfinished
from tests.rig.inputs.small_study import write_study
from tests.rig.mailed import Mailed
from tests.study.test_executor import ALL_ASKED, STRESSED, WIDE

pytestmark = pytest.mark.jit


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Pieces are put down from the first one on."""
    monkeypatch.setattr("sim.cli.taken_up.AFTER", 0.0)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("resume")
    path = write_study(folder / "study")
    (folder / "study" / "asked.toml").write_text(path.read_text() + ALL_ASKED)
    searched = WIDE.replace("evaluations = 60", "evaluations = 24")
    path.write_text(path.read_text() + STRESSED + searched)
    return folder


@pytest.fixture
def folder(here, monkeypatch):
    monkeypatch.chdir(here)
    for left in here.glob("out*"):
        rmtree(left)
    return here


@pytest.fixture(scope="module")
def plain(here):
    """What an undisturbed command writes."""
    known = {}

    def written(asked):
        if asked not in known:
            out = here / f"plain-{len(known)}"
            study = here / asked[1]
            assert command([asked[0], str(study), *asked[2:-1], str(out)]) == 0
            known[asked] = files(out)
        return known[asked]

    return written


RUN = ("run", "study/study.toml", "--worlds", "448", "--block", "64", "--threads", "2", "--out", "out")
ASKED = ("run", "study/asked.toml", "--worlds", "64", "--threads", "2", "--out", "out")
STRESS = ("stress", "study/study.toml", "--worlds", "64", "--threads", "1", "--out", "out")
SEARCH = ("search", "study/study.toml", "--threads", "1", "--out", "out")


def end_after(monkeypatch, pieces):
    """The next command is ended by Ctrl-C once it has put down so many pieces."""
    put, count = Unfinished.put, Counter()

    def ended(self, name, content):
        put(self, name, content)
        count["put"] += 1
        if count["put"] == pieces:
            monkeypatch.setattr(Unfinished, "put", put)
            raise KeyboardInterrupt

    monkeypatch.setattr(Unfinished, "put", ended)


def files(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.mark.parametrize(("asked", "pieces"), [(RUN, 5), (ASKED, 20), (STRESS, 12), (SEARCH, 3)])
def test_the_same_command_goes_on(folder, plain, monkeypatch, capsys, asked, pieces):
    undisturbed = plain(asked)
    capsys.readouterr()
    end_after(monkeypatch, pieces)
    assert command(list(asked)) == 130
    assert "out.unfinished has what was done: the same command goes on from there" in capsys.readouterr().err
    assert not (folder / "out").exists()
    left = list((folder / "out.unfinished").glob("*.piece"))
    assert len(left) == pieces
    worked = []
    monkeypatch.setattr(Unfinished, "put", lambda self, name, content: worked.append(name))
    assert command(list(asked)) == 0
    assert f"{pieces} pieces of the work done before" in capsys.readouterr().err
    assert not set(worked) & {path.stem for path in left}
    assert files(folder / "out") == undisturbed
    assert not (folder / "out.unfinished").exists()


def test_short_commands_leave_nothing(folder, monkeypatch):
    monkeypatch.setattr("sim.cli.taken_up.AFTER", 20.0)
    before = sorted(folder.iterdir())
    assert command(list(RUN)) == 0
    assert sorted(folder.iterdir()) == sorted([*before, folder / "out"])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("--seed", "12"), "study "),
        (("--worlds", "512"), "study "),
        (("--block", "128"), "--block 64, now 128"),
    ],
)
def test_what_another_command_left_is_refused_or_dropped(folder, monkeypatch, capsys, changed, said):
    end_after(monkeypatch, 3)
    assert command(list(RUN)) == 130
    capsys.readouterr()
    assert command([*RUN, *changed]) == 2
    error = capsys.readouterr().err
    assert "out.unfinished must be of this very command" in error
    assert said in error
    assert "--no-resume" in error
    assert len(list((folder / "out.unfinished").glob("*.piece"))) == 3
    assert command([*RUN, *changed, "--no-resume"]) == 0
    assert not (folder / "out.unfinished").exists()


def test_pieces_of_another_version_are_refused(folder, monkeypatch, capsys):
    end_after(monkeypatch, 3)
    assert command(list(RUN)) == 130
    about = folder / "out.unfinished" / "about.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"csmsim": "0.1"}))
    assert command(list(RUN)) == 2
    assert "csmsim 0.1, now" in capsys.readouterr().err


def test_a_folder_of_somebody_else_is_left_alone(folder, capsys):
    (folder / "out.unfinished").mkdir()
    (folder / "out.unfinished" / "novel.txt").write_text("Chapter one")
    assert command(list(RUN)) == 2
    assert command([*RUN, "--no-resume"]) == 2
    assert "must be what csmsim left unfinished" in capsys.readouterr().err
    assert (folder / "out.unfinished" / "novel.txt").read_text() == "Chapter one"


def test_what_is_not_whole_is_worked_out_anew(folder, plain, monkeypatch, capsys):
    undisturbed = plain(RUN)
    end_after(monkeypatch, 6)
    assert command(list(RUN)) == 130
    first, second, third, *_ = sorted((folder / "out.unfinished").glob("*.piece"))
    first.write_bytes(first.read_bytes()[:-1])
    second.write_bytes(b"")
    third.rename(third.with_suffix(".part"))
    capsys.readouterr()
    assert command(list(RUN)) == 0
    assert "3 pieces" in capsys.readouterr().err
    assert files(folder / "out") == undisturbed
    assert not (folder / "out.unfinished").exists()


def test_a_full_disk_ends_no_work(folder, plain, monkeypatch, capsys):
    undisturbed = plain(RUN)

    def full(_path, _content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.files.unfinished._write", full)
    assert command(list(RUN)) == 0
    error = capsys.readouterr().err
    assert error.count("No space left on device. The work goes on, but cannot be taken up from here.") == 1
    assert files(folder / "out") == undisturbed
    assert not (folder / "out.unfinished").exists()


def test_results_come_in_order_whoever_works(tmp_path):
    for number, workers in enumerate((ALONE, Threads(3), Remote(Mailed()))):
        for kept in ((), (0, 1, 2), (1, 4, 7), range(9)):
            target = tmp_path / f"{number}-{len(kept)}-{sum(kept)}"
            first = Resumed(workers, Unfinished(target, {}, pytest.fail), after=0.0)
            assert list(first.in_order(squared, 1, kept)) == [each * each + 1 for each in kept]
            again = Resumed(workers, Unfinished(target, {}, pytest.fail), after=0.0)
            assert list(again.in_order(squared, 1, range(9))) == [each * each + 1 for each in range(9)]
            assert again.taken_up == len(kept)
            assert list(again.in_order(squared, 2, [3])) == [11], "what is shared tells tasks apart"


def squared(shared, task):
    return task * task + shared


def test_equal_tasks_are_told_by_their_order(tmp_path):
    unfinished = Unfinished(tmp_path / "out", {}, pytest.fail)
    drawn = iter([0, 1, 2])
    monkey = Resumed(ALONE, unfinished, after=0.0)
    assert list(monkey.in_order(lambda draws, _: next(draws), drawn, [0, 0, 0])) == [0, 1, 2]
    again = Resumed(ALONE, Unfinished(tmp_path / "out", {}, pytest.fail), after=0.0)
    assert list(again.in_order(lambda draws, _: next(draws), iter([9]), [0, 0, 0, 0])) == [0, 1, 2, 9]


def test_fingerprints_tell_studies_apart(tmp_path):
    study = sim.load(write_study(tmp_path / "study"))
    assert fingerprint(prepare(study)) == fingerprint(prepare(study))
    others = [replace(study, seed=5), replace(study, baseline="capped"), replace(study, worlds=64)]
    found = {fingerprint(prepare(each)) for each in [study, *others]} | {
        fingerprint(prepare(study, clauses=True))
    }
    assert len(found) == 5


def test_an_error_leaves_what_was_done(folder, monkeypatch):
    end_after(monkeypatch, 4)
    assert command(list(RUN)) == 130
    with pytest.raises(InputError):
        Unfinished(folder / "out", {"study": "another"}, print)


@pytest.mark.parametrize(("where", "stays"), [("study.toml: stress.range[0]", False), ("out", True)])
def test_what_is_refused_leaves_nothing_but_a_refused_place_does(tmp_path, where, stays):
    """A changed study is another command; a place can be made free, and the same command given again."""
    place = SimpleNamespace(target=tmp_path / "out", label="out")

    def ended():
        with taken_up(place, nullcontext(ALONE), True, {"command": "run"}) as workers:
            assert list(workers.in_order(squared, 1, range(3))) == [1, 2, 5]
            raise InputError([Problem(where, "another", "this")])

    with pytest.raises(InputError):
        ended()
    assert (tmp_path / "out.unfinished").exists() is stays


def test_a_removal_that_was_killed_leaves_nothing_to_refuse(folder, plain, monkeypatch):
    end_after(monkeypatch, 3)
    assert command(list(RUN)) == 130
    (folder / "out.unfinished" / "about.json").unlink()
    assert command([*RUN, "--seed", "12"]) == 0
    assert not (folder / "out.unfinished").exists()
