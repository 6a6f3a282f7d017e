"""Where results go: nothing of the user's is lost, and a result is there whole or not at all, whenever the program ends."""

import os
import sys
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.files import place as places
from sim.files import staging as stagings
from sim.files.manifest import MANIFEST, read_manifest
from sim.files.place import extended, laid_down, reserved
from sim.files.staging import PREFIX
from tests.fuzz.failing import HOWS, KILLED, events_of, fail_at

OLD = {"summary.json": b"old", "plans/a.toml": b"old plan", "report.html": b"old page"}
NEW = {"summary.json": b"new, longer", "plans/b.toml": b"new plan", "worlds.parquet": b"worlds"}
REPORTS = {"deck.pptx": b"slides", "tables/plans.csv": b"plan", "report.html": b"new page"}


def filler(files):
    def fill(folder):
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    return fill


def put(target, files=None, command="run", **settings):
    with reserved(target, command, **settings) as place:
        place.publish(filler(NEW if files is None else files))
    return place


def add(target, files=None, **settings):
    with extended(target, **settings) as place:
        place.add(REPORTS if files is None else files)
    return place


def content(folder):
    paths = sorted(each for each in folder.rglob("*") if each.is_file() and each.name != MANIFEST)
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in paths}


def refused(act, *parts):
    with pytest.raises(InputError) as caught:
        act()
    assert all(part in str(caught.value) for part in parts), str(caught.value)


def clean(parent):
    return not list(parent.glob(f"{PREFIX}*"))


@pytest.fixture
def target(tmp_path):
    put(tmp_path / "result", OLD)
    return tmp_path / "result"


def test_an_unchanged_earlier_result_is_replaced_whole(target):
    put(target)
    assert content(target) == NEW
    assert read_manifest(target).files.keys() == NEW.keys()
    assert clean(target.parent)


@pytest.mark.parametrize("name", ["notes.md", "plans/mine.toml", "sub/deep/x.txt"])
def test_what_csmsim_did_not_write_is_never_replaced(target, name):
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    (target / name).write_bytes(b"mine")
    refused(lambda: put(target), "files that csmsim did not write", name.split("/")[0], "--force")
    assert content(target) == OLD | {name: b"mine"}


def test_what_was_changed_since_is_never_replaced(target):
    (target / "plans" / "a.toml").write_bytes(b"edited")
    refused(lambda: put(target), "changed", "'plans/a.toml'")
    assert content(target)["plans/a.toml"] == b"edited"


def test_a_folder_without_a_manifest_is_somebody_elses(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "summary.json").write_bytes(b"{}")
    refused(lambda: put(tmp_path / "mine"), "other files in it")
    refused(lambda: add(tmp_path / "mine"), "other files in it")


@pytest.mark.parametrize(
    "forged", ["", "{}", "[]", '{"csmsim": 1, "command": "run", "origin": "", "files": 3}', "[" * 9999]
)
def test_a_manifest_that_is_none_is_not_believed(target, forged):
    (target / MANIFEST).write_text(forged)
    refused(lambda: put(target), "other files in it")


def test_a_result_of_another_command_is_not_replaced(target):
    refused(lambda: put(target, command="stress"), "a result of csmsim run")


def test_without_a_named_folder_a_result_of_another_study_is_not_replaced(tmp_path):
    one, other, result = tmp_path / "a" / "study.toml", tmp_path / "b" / "study.toml", tmp_path / "r"
    put(result, study=one, implied=True)
    put(result, study=one, implied=True)
    refused(lambda: put(result, study=other, implied=True), "a result of another study file", "--out")
    put(result, study=other)
    put(result, study=result / "study.toml", implied=True)


def test_force_keeps_what_was_there_beside(target):
    (target / "notes.md").write_bytes(b"mine")
    kept = put(target, force=True).kept
    assert content(target) == NEW
    assert content(kept) == OLD | {"notes.md": b"mine"}
    assert kept.name == "result.old-1"
    assert put(target, OLD, force=True).kept.name == "result.old-2"
    assert clean(target.parent)


def test_reports_are_added_and_all_else_stays(target):
    (target / "notes.md").write_bytes(b"mine")
    (target / "link").symlink_to("nowhere")
    os.mkfifo(target / "pipe")
    add(target)
    assert content(target) == OLD | REPORTS | {"notes.md": b"mine"}
    assert (target / "link").is_symlink()
    assert (target / "pipe").is_fifo()
    assert read_manifest(target).files.keys() == (OLD | REPORTS).keys()
    assert read_manifest(target).command == "run"


def test_a_report_that_was_edited_is_not_replaced_but_kept_beside_on_demand(target):
    add(target)
    (target / "deck.pptx").write_bytes(b"my slides")
    refused(lambda: add(target), "'deck.pptx'", "--force")
    assert content(target)["deck.pptx"] == b"my slides"
    add(target, force=True)
    assert content(target)["deck.pptx"] == b"slides"
    assert content(target)["deck.old-1.pptx"] == b"my slides"


@pytest.mark.parametrize(
    "make", [os.mkfifo, lambda path: path.write_text("x"), lambda path: path.symlink_to("gone")]
)
def test_what_is_no_folder_is_refused_before_the_work(tmp_path, make):
    make(tmp_path / "out")
    refused(lambda: put(tmp_path / "out"), "must be a new, empty or unchanged earlier result directory")
    assert os.path.lexists(tmp_path / "out")


def test_a_link_to_a_folder_is_followed(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to("disk")
    put(tmp_path / "out")
    assert content(tmp_path / "disk") == NEW
    assert (tmp_path / "out").is_symlink()


@pytest.mark.parametrize("name", ["a" * 300, "nul\0", "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 100])
def test_a_name_that_no_file_system_takes_is_refused(tmp_path, name):
    refused(lambda: put(tmp_path / name), "--out")


def test_the_folder_one_is_in_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(lambda: put(Path(".")), "the folder you are in")
    refused(lambda: add(tmp_path), "the folder you are in")


def test_two_at_once_into_one_folder_are_refused(target):
    with reserved(target, "run"):
        refused(lambda: put(target), "another csmsim is writing")
        put(target.parent / "other")
    put(target)


def test_nothing_is_left_when_the_work_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), reserved(tmp_path / "far" / "away", "run"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_study_is_laid_down_in_a_new_or_empty_folder_only(target, tmp_path):
    (tmp_path / "empty").mkdir()
    with laid_down(tmp_path / "empty") as place:
        place.publish(filler(NEW))
    assert content(tmp_path / "empty") == NEW
    assert read_manifest(tmp_path / "empty") is None
    with pytest.raises(InputError, match="a new or empty directory"), laid_down(target):
        pass


def test_without_exchange_of_names_nothing_is_lost_either(target, monkeypatch):
    monkeypatch.setattr(places, "exchange", lambda one, other: False)
    put(target)
    assert content(target) == NEW
    (target / "notes.md").write_bytes(b"mine")
    assert content(put(target, OLD, force=True).kept) == NEW | {"notes.md": b"mine"}
    assert content(target) == OLD
    assert clean(target.parent)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process of its own")
class TestFailures:
    """At every event of each way of writing: the old content or the new one, whole; the user's files; no litter."""

    CASES = {
        "new": (None, {}, lambda target: put(target, NEW), NEW),
        "replaced": (OLD, {}, lambda target: put(target, NEW), NEW),
        "forced": (OLD, {"notes.md": b"mine"}, lambda target: put(target, NEW, force=True), NEW),
        "reports": (
            OLD,
            {"notes.md": b"mine"},
            lambda target: add(target),
            OLD | REPORTS | {"notes.md": b"mine"},
        ),
        "edited": (
            OLD | REPORTS,
            {"deck.pptx": b"my slides"},
            lambda target: add(target, force=True),
            OLD | REPORTS | {"deck.old-1.pptx": b"my slides"},
        ),
    }

    def prepared(self, folder, case):
        before, theirs, act, after = self.CASES[case]
        target = folder / "result"
        if before is not None:
            put(target, before)
            filler(theirs)(target)
        return target, (None if before is None else before | theirs), theirs, lambda: act(target), after

    @pytest.mark.parametrize("how", HOWS)
    @pytest.mark.parametrize("case", CASES)
    def test_at_every_event(self, tmp_path, monkeypatch, case, how):
        real = places.exchange

        def audited(one, other):
            sys.audit("csmsim.exchange")
            done = real(one, other)
            sys.audit("csmsim.exchange")
            return done

        monkeypatch.setattr(places, "exchange", audited)
        monkeypatch.setattr(stagings, "MOMENT", 0.0)
        counting = tmp_path / "count"
        counting.mkdir()
        events = events_of(self.prepared(counting, case)[3])
        assert events > 10
        ends = set()
        for at in range(1, events + 1):
            folder = tmp_path / str(at)
            folder.mkdir()
            target, before, theirs, act, after = self.prepared(folder, case)
            code = fail_at(act, at, how)
            assert code in ({KILLED} if how == "killed" else {130} if how == "interrupted" else {0, 2}), (
                at,
                code,
            )
            found = content(target) if target.exists() else None
            assert found in (before, after), (at, found)
            ends.add(found == after)
            everywhere = [each.read_bytes() for each in folder.rglob("*") if each.is_file()]
            assert all(each in everywhere for each in theirs.values()), at
            if how != "killed" and found == before:
                assert sorted(each.name for each in folder.iterdir() if not each.name.startswith(PREFIX)) == (
                    ["result"] if before is not None else []
                ), at
            put(folder / "another")
            assert clean(folder), at
            everywhere = [each.read_bytes() for each in folder.rglob("*") if each.is_file()]
            assert all(each in everywhere for each in theirs.values()), at
        assert ends == {False, True} or how == "full"
