"""``csmsim rank``: best value first, the beaten named, nothing said that chance explains."""

import json

import pytest

from sim.cli import command
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit
PLANS = ("retention-linear", "retention-linear-cap-120", "retention-threshold-90")

STUDY = """\
name = "rank"
seed = 3
worlds = 200
scenario = "{configs}/scenarios/honest-book.toml"
plans = [{plans}]
baseline = "retention-linear"
[response]
points = [2.0]
worlds = 8
value_worlds = 200
"""


@pytest.fixture
def path(tmp_path):
    plans = ", ".join(f'"{(CONFIGS / "plans" / "incentive").as_posix()}/{name}.toml"' for name in PLANS)
    study = tmp_path / "study.toml"
    study.write_text(STUDY.format(configs=CONFIGS.as_posix(), plans=plans))
    return study


def test_rank_prints_a_ranking(path, capsys):
    assert command(["rank", str(path), "--json", "--threads", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["criteria"] == ["net_value_whole", "risk_premium"]
    assert found["reference"] == "retention-linear"
    values = [each["net_value_whole"] for each in found["plans"].values()]
    assert values == sorted(values, reverse=True)
    assert found["plans"]["retention-linear"]["net_value"] == pytest.approx(0.0, abs=1e-9)
    threshold = found["plans"]["retention-threshold-90"]
    assert threshold["risk_premium"] > 3 * found["plans"]["retention-linear"]["risk_premium"]
    assert threshold["net_value_whole"] == pytest.approx(threshold["net_value"] + threshold["csm_gain"])
    # more value at more risk, less value at a little less risk: neither is beaten
    assert {each["beaten_by"] for each in found["plans"].values()} == {None}


def test_rank_prints_a_table(path, capsys):
    assert command(["rank", str(path), "--threads", "1"]) == 0
    out = capsys.readouterr().out
    assert "Plans worth choosing between, against retention-linear" in out
    assert "nobody" in out


def test_a_study_without_a_usable_reference_is_refused(path, capsys):
    path.write_text(path.read_text().replace("[response]", '[response]\nreference = "missing"'))
    assert command(["rank", str(path)]) == 2
    assert "response.reference must be a plan of the study" in capsys.readouterr().err


GAMED = """\
name = "gamed"
seed = 3
worlds = 60
scenario = "{configs}/scenarios/gaming-cohort.toml"
plans = [{plans}]
baseline = "linear"
[response]
points = [2.0]
worlds = 16
[gaming]
worlds = 60
training_worlds = 24
curve_worlds = 2
cells = 48
friction = []
movable = []
"""


def test_exposure_is_compared_as_a_bracket(tmp_path, capsys):
    """Linear pay on equal quotas has no exposure; 1.25 on early renewals has some, certainly, and costs more."""
    names = ("linear", "linear-early-125", "tiers")
    plans = ", ".join(f'"{(CONFIGS / "plans" / "gaming").as_posix()}/{name}.toml"' for name in names)
    study = tmp_path / "study.toml"
    study.write_text(GAMED.format(configs=CONFIGS.as_posix(), plans=plans))
    assert command(["rank", str(study), "--json", "--threads", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["criteria"] == ["net_value_whole", "risk_premium", "exposure"]
    rows = found["plans"]
    for each in rows.values():
        assert each["exposure"] <= each["exposure_upper"] + 1e-6
    assert abs(rows["linear"]["exposure"]) < 1.0
    assert rows["linear-early-125"]["exposure"] > 1.0
    beaten = rows["linear-early-125"]
    assert beaten["beaten_by"] == "linear"
    assert "exposure" in beaten["better_on"]
