"""The tables of a study that ask for incentives and responses: they reach the summary, the report and the next run."""

import json

import pytest

import sim
from sim.errors import InputError
from sim.questions.incentive.scene import sample
from sim.questions.incentive.setting import Incentive
from sim.report.written import report_text
from tests.rig.inputs.small_study import write_study

pytestmark = pytest.mark.jit


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    path = write_study(tmp_path_factory.mktemp("behaviour") / "small")
    path.write_text(path.read_text() + "\n[incentive]\nworlds = 64\ndays_late = 60\n")
    return path


@pytest.fixture(scope="module")
def result(asked):
    return sim.run(sim.load(asked), threads=2, worlds=64)


def test_every_contrast_is_in_the_summary(result):
    for plan in json.loads(result.to_json())["plans"].values():
        entry = plan["incentive"]
        keys = {
            "save",
            "on_time",
            "early",
            "late",
            "expand",
            "dead_zone_share",
            "jackpot_share",
            "risk_premium",
        }
        assert keys <= entry.keys()
        assert set(entry["by_segment"]) == {"smb", "enterprise"}
        assert "timing_to_saving" not in entry  # nothing was gamed: absent, never zero
        assert 0 < entry["line_of_sight"] <= 1


def test_signs(result):
    """A multiplier pays for early bookings and a cap at 100 % kills the last dollars: more dead, less early."""
    today, multiplier, capped = (
        result.document["plans"][n]["incentive"] for n in ("today", "multiplier", "capped")
    )
    assert multiplier["early"] > today["early"] + 0.05
    assert capped["dead_zone_share"] > today["dead_zone_share"] + 0.1
    assert capped["save"] < today["save"]
    assert capped["risk_premium"] < today["risk_premium"]


def test_threads_change_nothing(asked, result):
    again = sim.run(sim.load(asked), threads=1, worlds=64)
    assert again.document["plans"] == result.document["plans"]


def test_a_study_that_does_not_ask_has_none(tmp_path):
    path = write_study(tmp_path / "small")
    document = sim.run(sim.load(path), threads=1, worlds=64).document
    assert all("incentive" not in plan and "response" not in plan for plan in document["plans"].values())
    assert "Card" not in report_text(document)


def test_the_report_shows_the_card(result):
    text = report_text(result.document)
    assert "What a plan rewards [pay per usd of ARR]" in text
    assert "Card: what each plan costs, rewards and returns" in text


def test_the_tables_are_part_of_the_hash_and_of_what_is_written(asked, result, tmp_path):
    study = sim.load(asked)
    plain = asked.with_name("plain.toml")
    plain.write_text(asked.read_text().split("[incentive]")[0])
    assert sim.load(plain).hash != study.hash
    written = sim.load(result.write(tmp_path / "out") / "study.toml")
    assert written.asked(Incentive) == study.asked(Incentive)
    assert written.hash == result.document["study"]["hash"]


def test_a_wrong_value_is_said(asked):
    wrong = asked.with_name("wrong.toml")
    wrong.write_text(asked.read_text().replace("days_late = 60", "days_late = 0"))
    with pytest.raises(InputError, match=r"incentive\.days_late must be .* received 0"):
        sim.load(wrong)


def test_books_are_sampled_evenly():
    assert sample(3, 60) == [0, 1, 2]
    assert sample(100, 4) == [12, 37, 62, 87]
    assert len(set(sample(97, 60))) == 60
