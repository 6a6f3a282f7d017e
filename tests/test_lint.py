"""``csmsim lint`` on every shipped plan, and its exit codes; ``run`` tells the same faults."""

import json

import pytest

import sim
from sim.cli import command
from sim.plan.lint import lint
from sim.plan.plan import load_plan
from sim.report.written import report_text
from tests.rig.repository import CONFIGS

PLANS = CONFIGS / "plans"

UNEQUAL = "minor denominator: $1,250 for $100,000 between unequal quotas"
EXHAUSTED = "major exhaustion: $140,000 for $70,000 of renewals"
HELD = "major no mean: a floor of 25 %: $9,333 instead of $140,000 for $70,000"
HELD_15 = "major no mean: a floor of 25 %: $7,000 instead of $105,000 for $70,000"
EXHAUSTED_15 = "major exhaustion: $105,000 for $70,000 of renewals"
THRESHOLD_20 = ("major cliff: $18,000 at 90 %", "minor dead zone: 0 % to 90 % pays $0")
THRESHOLD_150 = (
    *THRESHOLD_20,
    "minor dead zone: above 150 % pays $40,000",
    "minor beyond cap: $19,167 for $79,500 held back above 150 %",
)
TIERS_20 = (
    "major cliff: $10,000 at 90 %",
    "major cliff: $10,000 at 100 %",
    "major cliff: $10,000 at 115 %",
    "minor dead zone: 0 % to 90 % pays $0",
    "minor dead zone: 90 % to 100 % pays $10,000",
    "minor dead zone: 100 % to 115 % pays $20,000",
    "minor dead zone: above 115 % pays $30,000",
)

SHIPPED = {
    "accelerator": (
        "major cliff: $13,500 at 90 %",
        "minor denominator: $2,500 for $100,000 between unequal quotas",
        "minor dead zone: 0 % to 90 % pays $0",
        "minor dead zone: above 150 % pays $30,000",
        "minor beyond cap: $15,000 for $100,000 held back above 150 %",
    ),
    "base": (UNEQUAL,),
    "credit-at-due": (),
    "deal-cap": (UNEQUAL,),
    "early-multiplier": (
        "major multiplier: 1.25x settles at 112.5 % attainment",
        "minor denominator: $1,562 for $100,000 between unequal quotas",
    ),
    "early-relief": ("major pump: settles at 200 % attainment", EXHAUSTED_15, UNEQUAL, HELD_15),
    "early-relief-provision": (
        "major provision: still settles at 200 % attainment",
        EXHAUSTED_15,
        UNEQUAL,
        HELD_15,
    ),
    "early-relief-provision-adjusted": (
        "major provision: still settles at 150 % attainment",
        EXHAUSTED_15,
        UNEQUAL,
        HELD_15,
    ),
    "founding/early-1": (),
    "founding/early-2": (),
    "founding/early-3": ("major multiplier: 1.25x settles at 112.5 % attainment",),
    "founding/early-4": ("major pump: settles at 200 % attainment", EXHAUSTED, HELD),
    "founding/early-4-provision": ("major provision: still settles at 200 % attainment", EXHAUSTED, HELD),
    "founding/early-4-provision-adjusted": (
        "major provision: still settles at 150 % attainment",
        EXHAUSTED,
        HELD,
    ),
    "founding/early-5": (
        EXHAUSTED,
        "major retroactive: quota of the quarter under way: $600,000 to $700,000",
        HELD,
    ),
    "founding/early-6": (),
    "founding/late-1": (),
    "founding/late-2": (),
    "founding/late-3": (),
    "founding/late-4": (),
    "founding/late-5": ("major retroactive: quota of the quarter that is over: $600,000 to $500,000", HELD),
    "gaming/accelerator": THRESHOLD_150,
    "gaming/accelerator-relief-cap": ("major provision: still settles at 150 % attainment", *THRESHOLD_150),
    "gaming/both-quotas-90": ("major retroactive: quota of the quarter under way: $477,000 to $548,550",),
    "gaming/linear": (),
    "gaming/linear-early-125": ("major multiplier: 1.25x settles at 112.5 % attainment",),
    "gaming/relief": ("major provision: still settles at 9,540 % attainment",),
    "gaming/relief-90": ("major provision: still settles at 1,000 % attainment",),
    "gaming/relief-90-cap": ("major provision: still settles at 145 % attainment",),
    "gaming/relief-cap": ("major provision: still settles at 150 % attainment",),
    "gaming/threshold-90": THRESHOLD_20,
    "gaming/threshold-90-cap-120": (
        *THRESHOLD_20,
        "minor dead zone: above 120 % pays $24,000",
        "minor beyond cap: $19,167 for $79,500 held back above 120 %",
    ),
    "gaming/tiers": (*TIERS_20, "minor beyond cap: $10,000 for $79,500 held back above 115 %"),
    "gaming/tiers-late-100": (*TIERS_20, "minor beyond cap: $20,000 for $79,500 held back above 115 %"),
    "late-bands": (UNEQUAL,),
    "late-quota-add": (UNEQUAL,),
    "library/commission-by-term": (),
    "library/commission-clawback": (),
    "library/commission": (),
    "library/coreplan-am": (
        "minor dead zone: above 100 % pays $6,875",
        "minor dead zone: 0 % to 68.8 % pays $0",
    ),
    "library/fixed-pay": (),
    # Published so: a young company that grows fast in its first contracts.
    "library/flowfuse": ("minor other window: 115 % a quarter is 174.9 % a year",),
    "library/gainsight-2023-am": (),
    "library/gainsight-2023-csm": (
        "minor denominator: $677 for $100,000 between unequal quotas",
        "minor dead zone: above 150 % pays $12,188",
    ),
    "library/gated": ("minor denominator: $750 for $100,000 between unequal quotas",),
    "library/posthog-2024-11": ("minor dead zone: above 100 % pays $4,500",),
    # Published so; the next change of the plan measured half-years.
    "library/posthog-2025-05": ("minor other window: 120 % a quarter is 207.4 % a year",),
    "library/posthog-2025-09": (),
    "library/posthog-2025-11": (),
    "library/posthog-2026-q3": (),
    "library/sourcegraph-ae": ("minor dead zone: above 100 % pays $5,000",),
    "library/sourcegraph-ae-growth": (),
    "library/sourcegraph-overlay": (),
    "library/sourcegraph-ramp": ("minor denominator: $1,250 for $100,000 between unequal quotas",),
    "library/sourcegraph-ta": (),
    "library/xactly-2015-csm": (
        "major cliff: $3,150 at 100 %",
        "minor dead zone: above 100 % pays $2,700",
        "minor dead zone: above 120 % pays $3,780",
        "minor dead zone: 0 % to 100 % pays $0",
        "minor dead zone: above 100 % pays $3,150",
    ),
    "library/xactly-2015-csr": ("minor dead zone: above 100 % pays $2,700",),
    "roles/account-executive": (),
    "roles/account-manager": (
        "minor denominator: $396 for $100,000 between unequal quotas",
        "minor dead zone: above 200 % pays $9,500",
        "minor dead zone: above 200 % pays $28,500",
        "minor beyond cap: $792 for $100,000 held back above 200 %",
    ),
    "roles/csm-outcomes": (
        "minor dead zone: above 125 % pays $7,500",
        "minor dead zone: above 125 % pays $7,500",
        "minor dead zone: above 125 % pays $3,750",
    ),
    "roles/csm-owner": (
        "major cliff: $12,250 at 80 %",
        "minor denominator: $1,276 for $100,000 between unequal quotas",
        "minor dead zone: 0 % to 80 % pays $0",
        "minor dead zone: above 150 % pays $22,969",
        "minor beyond cap: $2,552 for $100,000 held back above 150 %",
    ),
    "roles/renewal-specialist": (
        "minor denominator: $516 for $100,000 between unequal quotas",
        "minor dead zone: above 200 % pays $12,375",
        "minor dead zone: above 200 % pays $4,125",
        "minor beyond cap: $1,031 for $100,000 held back above 200 %",
    ),
    "roles/csm-retention": (
        "minor dead zone: above 150 % pays $11,250",
        "minor dead zone: above 150 % pays $7,875",
        "minor dead zone: above 100 % pays $2,250",
    ),
    "roles/manager-override": (
        "minor denominator: $875 for $100,000 between unequal quotas",
        "minor dead zone: above 150 % pays $15,750",
        "minor beyond cap: $1,750 for $100,000 held back above 150 %",
    ),
    "incentive/retention-accelerator": (
        "major cliff: $18,000 at 90 %",
        "minor denominator: $3,333 for $100,000 between unequal quotas",
        "minor dead zone: 0 % to 90 % pays $0",
        "minor dead zone: above 150 % pays $40,000",
        "minor beyond cap: $20,000 for $100,000 held back above 150 %",
    ),
    "incentive/retention-linear": ("minor denominator: $1,667 for $100,000 between unequal quotas",),
    "incentive/retention-ratchet": (
        "major ratchet: $2,813 of $3,333 taken back for $100,000 above quota",
        "minor denominator: $1,353 for $100,000 between unequal quotas",
    ),
    "incentive/retention-linear-cap-120": (
        "minor denominator: $667 for $100,000 between unequal quotas",
        "minor dead zone: above 120 % pays $24,000",
        "minor beyond cap: $3,333 for $100,000 held back above 120 %",
    ),
    "incentive/retention-threshold-85": (
        "major cliff: $17,000 at 85 %",
        "minor denominator: $1,667 for $100,000 between unequal quotas",
        "minor dead zone: 0 % to 85 % pays $0",
    ),
    "incentive/retention-threshold-90": (
        "major cliff: $18,000 at 90 %",
        "minor denominator: $1,667 for $100,000 between unequal quotas",
        "minor dead zone: 0 % to 90 % pays $0",
    ),
    "incentive/retention-tiers": (
        "major cliff: $10,000 at 90 %",
        "major cliff: $10,000 at 100 %",
        "major cliff: $10,000 at 115 %",
        "minor dead zone: 0 % to 90 % pays $0",
        "minor dead zone: 90 % to 100 % pays $10,000",
        "minor dead zone: 100 % to 115 % pays $20,000",
        "minor dead zone: above 115 % pays $30,000",
        "minor beyond cap: $20,000 for $100,000 held back above 115 %",
    ),
    "team/covered": (UNEQUAL,),
    "team/graced": (),
    "team/guaranteed": (UNEQUAL,),
    "threshold-90": ("major cliff: $13,500 at 90 %", UNEQUAL, "minor dead zone: 0 % to 90 % pays $0"),
    "tiers": (
        "major cliff: $7,500 at 90 %",
        "major cliff: $7,500 at 100 %",
        "major cliff: $7,500 at 115 %",
        "minor dead zone: 0 % to 90 % pays $0",
        "minor dead zone: 90 % to 100 % pays $7,500",
        "minor dead zone: 100 % to 115 % pays $15,000",
        "minor dead zone: above 115 % pays $22,500",
        "minor beyond cap: $15,000 for $100,000 held back above 115 %",
    ),
}

EARLY_4 = """\
early-4 · Early 4: early renewals lower the future quota
  major  pump  component[0].quota_moves.early_out_of_due
    A book at quota with half of every quarter's renewals booked a quarter early settles at 200 %
    attainment (a sixth: 120 %, a third: 150 %) and pays $290,000 over 8 quarters instead of
    $160,000.
    Source: Compensating Customer Success Managers (founding document), early case 4 rolled over two
    years
  major  exhaustion  component[0].quota_moves.early_out_of_due
    Bookings a quarter ahead can take the whole quota away: where $590,000 booked early leave
    $10,000 of $600,000, renewing $70,000 in the quarter itself is 700 % attainment and pays
    $140,000.
    Source: Compensating Customer Success Managers (founding document), early case 4 with 590 booked
    early
  major  no mean  component[0].quota_moves.early_out_of_due
    Nothing holds the quota away from zero and pay has no end: where bookings come so far, mean pay
    does not exist. $70,000 of renewals pay $140,000 where 1.7 % of the quota is left. With
    component[0].quota_moves.floor = 0.25 a dollar counts at most 4 times, and they pay $9,333.
    Source: Marsaglia (1965), Ratios of normal variables, JASA 60: 193-204
"""


def name_of(path):
    return path.relative_to(PLANS).with_suffix("").as_posix()


def told(path):
    return tuple(f"{fault.severity} {fault.name}: {fault.short}" for fault in lint(load_plan(path)))


@pytest.mark.parametrize("path", sorted(PLANS.rglob("*.toml")), ids=name_of)
def test_the_faults_of_a_shipped_plan(path):
    assert name_of(path) in SHIPPED, (
        "write down the faults of a new plan in SHIPPED, as csmsim lint tells them"
    )
    assert told(path) == SHIPPED[name_of(path)]


def test_faults_are_told_in_sentences(capsys):
    assert command(["lint", str(PLANS / "founding/early-4.toml")]) == 0
    said = capsys.readouterr()
    assert [line.rstrip() for line in said.out.splitlines()] == [*EARLY_4.splitlines(), ""]
    assert said.err == ""


@pytest.mark.parametrize("options", [[], ["--strict"]])
def test_a_plan_without_faults_prints_nothing(capsys, options):
    assert command(["lint", str(PLANS / "founding/early-1.toml"), *options]) == 0
    assert capsys.readouterr() == ("", "")


def test_strict_leaves_with_1_where_one_plan_has_a_fault(capsys):
    plans = [str(PLANS / f"founding/{name}.toml") for name in ("early-1", "early-3")]
    assert command(["lint", *plans, "--strict"]) == 1
    assert capsys.readouterr().out.startswith("early-3 · ")


def test_json_holds_every_plan(capsys):
    plans = [str(PLANS / f"founding/{name}.toml") for name in ("early-1", "early-4-provision")]
    assert command(["lint", *plans, "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)["plans"]
    assert list(entries) == ["early-1", "early-4-provision"]
    assert entries["early-1"]["lints"] == []
    provision = entries["early-4-provision"]["lints"][0]
    assert (provision["name"], provision["severity"]) == ("provision", "major")
    assert (provision["number"], provision["unit"]) == (pytest.approx(2.0), "attainment [share]")
    assert provision["clause"] == "component[0].crediting.early_cap"
    assert {"short", "sentence", "source"} <= provision.keys()


def test_tiers_with_a_written_gap_are_refused(tmp_path, capsys):
    """As the founding guide prints its tiers: 90 % to 99 %, 100 % to 115 %, above 115 %."""
    text = (PLANS / "tiers.toml").read_text().replace("[0.90, 1.00)", "[0.90, 0.99]")
    path = tmp_path / "tiers.toml"
    path.write_text(text)
    assert command(["lint", str(path)]) == 2
    assert "There is a gap between [0.9, 0.99] and [1, 1.15]." in capsys.readouterr().err


def test_all_problems_of_all_files_are_told(tmp_path, capsys):
    broken = tmp_path / "broken.toml"
    broken.write_text("name = 1")
    assert command(["lint", str(broken), "missing.toml"]) == 2
    said = capsys.readouterr()
    assert "broken.toml: name must be" in said.err
    assert "missing.toml must be an existing file" in said.err
    assert said.out == ""


def test_a_plan_is_given_once(capsys):
    path = str(PLANS / "tiers.toml")
    assert command(["lint", path, path]) == 2
    assert (
        f"{path}: name must be unlike that of the plans before, received 'tiers'." in capsys.readouterr().err
    )


@pytest.mark.jit  # simulates a study
def test_run_tells_the_faults_of_its_plans():
    result = sim.run(sim.load(CONFIGS / "studies/quickstart.toml"), worlds=2, threads=1)
    plans = result.document["plans"]
    told_by_run = {
        name: tuple(f"{fault['severity']} {fault['name']}: {fault['short']}" for fault in plan["lints"])
        for name, plan in plans.items()
    }
    assert told_by_run == {name: SHIPPED[name] for name in plans}
    report = [" ".join(line.split()) for line in report_text(result.document).splitlines()]
    assert "tiers major cliff $7,500 at 90 %" in report
    assert "tiers major cliff $7,500 at 115 %" in report
    assert "early-relief major pump settles at 200 % attainment" in report
