"""``csmsim sweep`` and ``csmsim solve``: what they print is what Python gives, and bad input is a sentence."""

import json

import pytest

import sim
from sim.cli import command
from sim.study.vary import ends, varied
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit
STUDY = CONFIGS / "studies" / "quickstart.toml"
RATE = "component.renewals.quota.rate"
FEW = ("--worlds", "64", "--seed", "5")


def test_a_sweep_prints_what_python_gives(capsys):
    asked = ["sweep", str(STUDY), "--plan", "tiers", "--vary", f"{RATE}=0.8..1/3", "--measure", "cost.p90"]
    assert command([*asked, *FEW, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    worlds = sim.simulate(sim.load(STUDY), worlds=64, seed=5)
    again = sim.sweep(worlds, "tiers", {RATE: [0.8, 0.9, 1.0]}, measures=("cost.p90",))
    assert [row["cost.p90"] for row in printed["rows"]] == again["cost.p90"].tolist()
    assert [row[RATE] for row in printed["rows"]] == [0.8, 0.9, 1.0]
    assert command([*asked, *FEW]) == 0
    text = capsys.readouterr().out
    assert "Every row on the same 64 worlds." in text
    assert text.splitlines()[3].split()[0] == "0.8"


def test_a_solution_is_a_sentence_and_its_curve(capsys):
    asked = ["solve", str(STUDY), "--plan", "tiers", "--vary", f"{RATE}=0.8..1.1", "--until", "cost.p90=13M"]
    assert command([*asked, *FEW]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert f"{RATE} = 0.9" in text
    assert "brings cost.p90 to 13,0" in text or "brings cost.p90 to 12,99" in text
    assert command([*asked, *FEW, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["reached"] == pytest.approx(13e6, rel=1e-4)
    assert len(found["curve"]) == 10


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("rate", "--vary must be PATH=LOW..HIGH"),
        (f"{RATE}=1..0.8", "--vary must be PATH=LOW..HIGH"),
        (f"{RATE}=0.8..1/1", "--vary must be PATH=LOW..HIGH"),
        (f"{RATE}=0.8,90", "A share: 90 % is 0.9"),
    ],
)
def test_bad_values_are_a_sentence(vary, said, capsys):
    assert command(["sweep", str(STUDY), "--plan", "tiers", "--vary", vary, *FEW]) == 2
    streams = capsys.readouterr()
    assert said in streams.err
    assert streams.out == ""


def test_values_are_read_as_people_write_them():
    assert varied("a.b=1,2.5,due,true").values == (1, 2.5, "due", True)
    assert varied("a.b=1_000..2_000/3").values == (1000.0, 1500.0, 2000.0)
    assert ends("a = 0.8 .. 1.1") == ("a", (0.8, 1.1))
