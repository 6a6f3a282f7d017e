"""``csmsim sweep`` and ``csmsim solve``: what they print is what Python gives, and bad input is a sentence."""

import json

import pytest

import sim
from sim.cli import command
from sim.errors import InputError
from sim.study.solve import target_of
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
        (f"{RATE}=-1e308..1e308/3", "--vary must be PATH=LOW..HIGH"),
        ("=1..2", "a path must be such as"),
        ("component[" + "9" * 5_000 + "].x=1,2", "must be a path such as"),
        (f"{RATE}={'1' * 5_000},2", "must be a finite number, received inf"),
        (f"{RATE}=1__0,2", "must be a number"),
        (f"{RATE}=0.8,90", "A share: 90 % is 0.9"),
    ],
)
def test_bad_values_are_a_sentence(vary, said, capsys):
    assert command(["sweep", str(STUDY), "--plan", "tiers", "--vary", vary, *FEW]) == 2
    streams = capsys.readouterr()
    assert said in streams.err
    assert streams.out == ""


@pytest.mark.parametrize(
    "until", ["cost.p90 = 1e999", "cost.p90 = 1e308M", "cost.p90 = \u0661", "cost.p90 = nan", "=1"]
)
def test_a_target_that_is_no_number_is_a_sentence(until):
    with pytest.raises(InputError, match="until must be a measure and a number"):
        target_of(until)


def test_all_that_is_wrong_is_told_at_once(capsys):
    asked = (
        "--worlds",
        "-1",
        "--threads",
        "0",
        "--vary",
        "zz",
        "--vary",
        f"{RATE}=1,2",
        "--vary",
        f"{RATE}=3,4",
    )
    assert command(["sweep", str(STUDY), "--plan", "tiers", *asked]) == 2
    told = capsys.readouterr().err
    assert [line.split(" must")[0] for line in told.splitlines()] == [
        "--vary",
        "--vary",
        "--worlds",
        "--threads",
    ]
    assert f"{RATE} twice" in told


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["sweep", "--plan", "tires", "--vary", f"{RATE}=0.8,0.9"], "Did you mean 'tiers'?"),
        (["sweep", "--plan", "tiers", "--vary", "component.renewals.quotas.rate=1,2"], "'quotas'"),
        (
            ["sweep", "--plan", "tiers", "--vary", f"{RATE}=0.8,0.9", "--measure", "cost.p91"],
            "Did you mean 'p90'?",
        ),
        (
            ["solve", "--plan", "tiers", "--vary", f"{RATE}=0.8..90", "--until", "cost.p90=13M"],
            "A share: 90 %",
        ),
        (
            ["solve", "--plan", "tiers", "--vary", f"{RATE}=0.8..1", "--until", "costs.p90=13M"],
            "there are ['cost'",
        ),
    ],
)
def test_what_is_wrong_is_told_before_the_first_of_many_worlds(asked, said, capsys, monkeypatch):
    simulated = []

    def keep(study, worlds, *more):
        simulated.append(worlds)
        return kept(study, worlds, *more)

    kept = sim.study.worlds.keep
    monkeypatch.setattr(sim.study.worlds, "keep", keep)
    assert command([asked[0], str(STUDY), *asked[1:], "--worlds", "10000"]) == 2
    assert said in capsys.readouterr().err
    assert max(simulated) < 100


def test_values_are_read_as_people_write_them():
    assert varied("a.b=1,2.5,due,true").values == (1, 2.5, "due", True)
    assert varied("a.b=1_000..2_000/3").values == (1000.0, 1500.0, 2000.0)
    assert ends("a = 0.8 .. 1.1") == ("a", (0.8, 1.1))
