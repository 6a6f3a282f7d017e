"""People of a study with a target and a quota of their own: everybody is paid as if the whole plan were theirs."""

from itertools import count

import numpy as np
import pytest

import sim
from sim.app.fields import field_groups
from sim.engine.setting import prepare
from sim.engine.simulate import open_books, simulate
from sim.engine.territories import add_ledgers
from sim.errors import InputError
from sim.explain.explain import explain_in
from sim.plan.settle import settle
from tests.rig.inputs.small_study import RULES, write_study

pytestmark = pytest.mark.jit

PEOPLE = """\
csm,hired,from,target_bonus,quota,period
smb-001,2020-03-01,,5000,400000,year
smb-002,2025-11-01,,,30000,quarter
smb-002,2025-11-01,2026-07-01,8000,50000,quarter
enterprise-001,,,20000,250000,
"""
OWN = 'kind = "person"'
TERMS = {
    "smb-001": ([5_000] * 4, [100_000] * 4),
    "smb-002": ([10_000, 10_000, 8_000, 8_000], [30_000, 30_000, 50_000, 50_000]),
    "enterprise-001": ([20_000] * 4, [250_000] * 4),
}
CURVE = '[[component.curve]]\nattainment = "[0, 1)"\nslope = 1.0\n[[component.curve]]\nattainment = "[1, inf)"\npays = 1.0\n'


def write(folder, people=PEOPLE, **changes):
    """The small study on a book that is held, its plans without salaries; ``today`` asks people's own quotas."""
    path = write_study(folder)
    scenario = (path.parent / "scenario.toml").read_text()
    book = '[book]\nredraw = false\npeople = "people.csv"\n' if people else "[book]\nredraw = false\n"
    (path.parent / "scenario.toml").write_text(f"{scenario}\n{book}")
    if people:
        (path.parent / "people.csv").write_text(people)
    for name in RULES:
        plan = path.parent / "plans" / f"{name}.toml"
        text = plan.read_text().replace("base_salary = 80_000\n", "")
        if people and name != "multiplier":
            text = text.replace('kind = "retention"\nrate = 0.9', OWN)
        plan.write_text(text.replace(*changes.get(name, ("", ""))))
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write(tmp_path_factory.mktemp("people") / "small")


@pytest.fixture(scope="module")
def study(path):
    return sim.load(path)


@pytest.fixture(scope="module")
def result(study):
    return sim.run(study, worlds=128)


def test_everybody_is_paid_as_if_the_plan_were_theirs(study, result, tmp_path):
    """Book by book: a quarter's pay is the target times the curve of what was credited over the quota, by hand."""
    setting = prepare(study)
    books = result.books.set_index(["plan", "csm"])["variable_mean"]
    total = dict.fromkeys(("today", "multiplier", "capped"), 0.0)
    for csm, ledger in open_books(setting, setting.world, range(3), 0, 128):
        name = setting.world.book.csms[csm]
        target, quota = (np.array(each, dtype=float)[:, np.newaxis] for each in TERMS[name])
        for place, plan in enumerate(("today", "multiplier", "capped")):
            statement = settle(setting.plans[place], ledger)
            asked = statement.quota if plan == "multiplier" else quota
            attained = np.divide(
                statement.credit, asked, out=np.ones_like(asked + statement.credit), where=asked > 0
            )
            pay = target * (np.minimum(attained, 1.0) if plan == "capped" else attained)
            np.testing.assert_allclose(statement.bonus, pay, rtol=1e-12)
            assert books[plan, name] == pytest.approx(pay.sum(axis=0).mean())
            total[plan] += books[plan, name]
    for plan, paid in total.items():
        cost = result.document["plans"][plan]["cost"]["mean"]
        assert cost == pytest.approx(1.1 * paid, abs=0.005)


def test_marks_of_pay_are_those_of_each(study, result):
    """At target or above: by each one's own; and nothing is told of one target, or one cap, for all."""
    setting = prepare(study)
    hit = []
    for csm, ledger in open_books(setting, setting.world, range(3), 0, 128):
        target = np.array(TERMS[setting.world.book.csms[csm]][0], dtype=float)[:, np.newaxis]
        hit.append(settle(setting.plans[2], ledger).bonus >= target * (1 - 1e-9))
    pay = result.document["plans"]["capped"]["pay"]
    assert pay["share_at_target"] == pytest.approx(np.mean(hit))
    assert pay["share_at_cap"] == pytest.approx(np.mean(hit))
    assert "target" not in pay
    assert "cap" not in pay


def test_kept_worlds_settle_as_a_run(study, result, tmp_path):
    worlds = sim.simulate(study, worlds=128)
    worlds.save(tmp_path / "kept")
    for held in (worlds, sim.open_worlds(tmp_path / "kept")):
        settled = held.settle("today", "multiplier", "capped").summary
        assert settled.loc["today", "cost_mean"] == result.summary.loc["today", "cost_mean"]
    swept = sim.sweep(worlds, "today", {"component.renewals.curve[0].slope": [1.0, 2.0]})
    assert swept["cost.mean"].tolist() == pytest.approx(
        [result.summary.loc["today", "cost_mean"] * k for k in (1, 2)]
    )


def test_a_target_that_nobody_is_paid_is_not_swept(study):
    worlds = sim.simulate(study, worlds=64)
    some = sim.sweep(
        worlds, "today", {"pay.target_bonus": [9_000, 18_000]}
    )  # smb-002 has the plan's until July
    assert some["cost.mean"].iloc[0] < some["cost.mean"].iloc[1]
    everybody = sim.sweep(worlds, "today", {"pay.targets": ["person", "plan"]})
    assert everybody["cost.mean"].iloc[0] != everybody["cost.mean"].iloc[1]


def test_a_target_that_is_nobodys_is_refused(tmp_path):
    path = write(tmp_path / "all", PEOPLE.replace("11-01,,,30", "11-01,,4000,30"))
    search = '\n[search]\nobjectives = ["cost.mean"]\n[search.vary]\n"pay.target_bonus" = { from = 5_000, to = 9_000 }\n'
    sentence = "pay.target_bonus must be a clause that pays somebody, received one that pays nobody. Everybody has a target"
    worlds = sim.simulate(sim.load(path), worlds=64)
    with pytest.raises(InputError) as caught:
        sim.sweep(worlds, "today", {"pay.target_bonus": [9_000, 18_000]})
    assert str(caught.value).startswith(sentence)
    today = worlds.study.plans["today"]
    groups = field_groups(today, worlds.unpaid(today))
    idle = {field.path: field.idle for group in groups for field in group.fields if field.idle}
    assert list(idle) == ["pay.target_bonus"]
    assert idle["pay.target_bonus"].startswith(
        "Nobody is paid by it: the people file has a target of everybody's own."
    )
    assert not worlds.unpaid(today.altered({"pay.targets": "plan"}))
    path.write_text(path.read_text() + search)
    with pytest.raises(InputError) as caught:
        sim.load(path)
    assert str(caught.value).startswith(sentence)


def test_explained_as_paid(study):
    setting = prepare(study)
    for csm in range(3):
        told = explain_in(study, setting, "today", 5, str(csm))
        (paid,) = (
            settle(setting.plans[0], each).bonus
            for _, each in open_books(setting, setting.world, [csm], 5, 1)
        )
        np.testing.assert_allclose(told.statement.bonus, paid, rtol=1e-12)
        assert told.statement.quota[:, 0].tolist() == TERMS[setting.world.book.csms[csm]][1]


def test_a_result_runs_again_and_masks_leave_people_out(study, result, tmp_path):
    result.write(tmp_path / "one")
    again = sim.load(tmp_path / "one" / "study.toml")
    assert again.hash == sim.run(study, worlds=128).study.hash
    assert sim.run(again).summary.loc["today", "cost_mean"] == result.summary.loc["today", "cost_mean"]
    assert sim.load(write(tmp_path / "other", PEOPLE.replace("5000", "5001"))).hash != study.hash
    result.anonymous().write(tmp_path / "two")
    assert not (tmp_path / "two" / "people.csv").exists()


def test_a_manager_is_asked_what_the_team_is_asked(tmp_path):
    """The sum of the two books of a segment, on the plan's own target."""
    path = write(tmp_path / "team")
    roles = path.parent / "team.toml"
    roles.write_text(
        'name = "team"\n[[role]]\nname = "csm"\nplan = "plans/today.toml"\nholds_book = true\n'
        '[[role]]\nname = "manager"\nplan = "plans/capped.toml"\nbooks = 8\nsegments = ["smb"]\n'
    )
    path.write_text(
        path.read_text()
        .replace('"plans/today.toml", "plans/multiplier.toml", "plans/capped.toml"', '"team.toml"')
        .replace('"today"', '"team"')
    )
    study = sim.load(path)
    setting = prepare(study)
    books = dict(open_books(setting, setting.world, range(3), 0, 16))
    team = add_ledgers(books[0], books[1])
    statement = settle(setting.plans[1], team)
    assert statement.quota[:, 0].tolist() == [130_000, 130_000, 150_000, 150_000]
    pay = 10_000 * np.minimum(statement.attainment, 1.0)
    np.testing.assert_allclose(statement.bonus, pay)
    totals = simulate(setting, 0, 16)
    np.testing.assert_allclose(totals.variable[1], pay)


def test_a_comparison_names_other_people(result, tmp_path):
    result.write(tmp_path / "one")
    other = sim.load(write(tmp_path / "small", PEOPLE.replace("20000", "22000")))
    sim.run(other, worlds=128).write(tmp_path / "two")
    found = sim.compare(tmp_path / "one", tmp_path / "two").value
    assert [each.where for each in found.inputs] == ["people.csv"]


def test_who_is_new_on_the_first_day_is_a_newcomer(tmp_path):
    """smb-002 took over in November: the second quarter in the seat is asked 60 % of the quota, the others are settled."""
    ramp = ("", "")
    text = "[ramp]\nquota = [0.5, 0.6]\n"
    path = write(tmp_path / "ramp", today=ramp)
    plan = path.parent / "plans" / "today.toml"
    plan.write_text(plan.read_text() + text)
    setting = prepare(sim.load(path))
    asked = [
        settle(setting.plans[0], each).quota[:, 0]
        for _, each in open_books(setting, setting.world, range(3), 0, 8)
    ]
    assert asked[0].tolist() == TERMS["smb-001"][1]
    assert asked[1] == pytest.approx([18_000, 30_000, 50_000, 50_000])


def test_what_cannot_be_is_a_sentence(tmp_path):
    number = count()

    def refused(people, extra="", **changes):
        path = write(tmp_path / f"bad{next(number)}", people, **changes)
        path.write_text(path.read_text() + extra)
        with pytest.raises(InputError) as caught:
            sim.load(path)
        return [str(each).replace(f"{path.parent}/", "") for each in caught.value.problems]

    assert refused(PEOPLE.replace("smb-001", "smb-1"))[0].startswith(
        "people.csv, row 2, column csm must be a CSM of the book (smb-001 to enterprise-001), received 'smb-1'."
    )
    (missing, _) = refused(PEOPLE.replace("250000", ""))
    assert missing.startswith(
        "people.csv, column quota must be an amount for every day in the seat, received none of 'enterprise-001' in Q1, Q2"
    )
    (salary,) = refused(
        "csm,ote,pay_mix,quota\nsmb-001,90000,0.2,1000\nsmb-002,,,1000\nenterprise-001,,,1000\n"
    )
    assert salary == (
        "people.csv, column ote must be filled for everybody, or for nobody, received that of 'smb-001' and none of "
        "'smb-002'. The cost of 3 plans, 'today' the first, leaves out some salaries: add base_salary there, or ote and "
        "pay_mix here."
    )


def test_what_no_plan_reads_is_refused(tmp_path):
    path = write(tmp_path / "unread")
    for name in RULES:
        plan = path.parent / "plans" / f"{name}.toml"
        text = plan.read_text().replace("10_000", '10_000\ntargets = "plan"')
        plan.write_text(text.replace(OWN, 'kind = "retention"\nrate = 0.9'))
    with pytest.raises(InputError) as caught:
        sim.load(path)
    assert [str(each).replace(f"{path.parent}/", "") for each in caught.value.problems] == [
        (
            "people.csv, column quota must be asked by a plan, received amounts that none asks. "
            "It has no effect: write quota = { kind = 'person' } into a plan, or leave it out."
        ),
        (
            "people.csv, column target_bonus must be paid by a plan, received amounts that none pays. "
            "It has no effect: no plan pays a bonus by people's own targets. Leave it out."
        ),
    ]


def test_quotas_of_persons_need_a_file(tmp_path):
    path = write(tmp_path / "none", people=None, today=('kind = "retention"\nrate = 0.9', OWN))
    with pytest.raises(
        InputError, match=r"book\.people must be given, received nothing\. Plan 'today' asks of renewals"
    ):
        sim.load(path)


def test_incentives_are_of_each_ones_own_terms(tmp_path):
    """Twice the target on the same quota is twice what a saved renewal earns."""
    plain = "csm,target_bonus,quota\n" + "".join(f"{csm},6000,90000\n" for csm in TERMS)
    found = []
    for times, text in enumerate((plain, plain.replace("6000", "12000"))):
        path = write(tmp_path / str(times), text)
        path.write_text(path.read_text() + "\n[incentive]\nworlds = 64\nbooks = 3\n")
        found.append(sim.run(sim.load(path), worlds=64).document["plans"]["today"]["incentive"]["save"])
    assert found[1] == pytest.approx(2.0 * found[0])


def asked_of(folder, people, extra):
    """What is told of plan ``today`` where a study asks for more."""
    path = write(folder, people)
    path.write_text(path.read_text() + extra)
    return sim.run(sim.load(path), worlds=64).document["plans"]["today"]


def test_exposure_is_of_each_ones_own_terms(tmp_path):
    """Twice the target on the same quota is twice what moving dates takes, all of it; and the best schedule is paid so."""
    extra = "\n[gaming]\nworlds = 8\ntraining_worlds = 8\ncurve_worlds = 4\ncells = 32\nfriction = []\nmovable = []\n"
    extra += "movability = { ready_early = 0.3, holdable = 0.3 }\n"
    seasons = "".join(f"{csm},,6000,90000\n{csm},2026-07-01,6000,150000\n" for csm in TERMS)
    plain = "csm,from,target_bonus,quota\n" + seasons
    one = asked_of(tmp_path / "one", plain, extra)
    two = asked_of(tmp_path / "two", plain.replace("6000", "12000"), extra)
    for key in ("lower", "upper", "p95"):
        assert two["exposure"][key] == pytest.approx(2.0 * one["exposure"][key], rel=1e-6)
    assert two["split"]["value"] == pytest.approx(2.0 * one["split"]["value"])
    assert one["exposure"]["upper"] >= one["exposure"]["lower"]
    assert one["exposure"]["lower"] > 0.0
    dear = plain.replace("smb-001,,6000", "smb-001,,60000").replace("07-01,6000", "07-01,60000", 1)
    mixed = asked_of(tmp_path / "mixed", dear, extra)
    assert mixed["leak"]["csm"] == "smb-001"
    periods = mixed["leak"]["periods"]
    assert [each["honest_quota"] for each in periods] == [90_000, 90_000, 150_000, 150_000]
    for each in periods:
        assert each["gamed_bonus"] == pytest.approx(60_000 * each["gamed_attainment"])


def test_a_response_is_of_each_ones_own_terms(tmp_path):
    """Twice the target of everybody: effort is calibrated to twice the gain, so that the baseline answers as before; its
    variable pay is twice as dear.
    """
    extra = "\n[response]\nbooks = 2\nworlds = 32\nvalue_worlds = 32\npoints = [2.0]\nrisk_aversion = 0.0\n"
    plain = "csm,target_bonus,quota\n" + "".join(f"{csm},6000,90000\n" for csm in TERMS)
    one = asked_of(tmp_path / "one", plain, extra)["response"]
    two = asked_of(tmp_path / "two", plain.replace("6000", "12000"), extra)["response"]
    assert one["net_value"] == pytest.approx(0.0, abs=1e-6)
    assert two["net_value"] == pytest.approx(0.0, abs=1e-6)
    assert two["vs_no_pay"]["variable"] == pytest.approx(2.0 * one["vs_no_pay"]["variable"])
    assert two["csm_effort_cost"] == pytest.approx(2.0 * one["csm_effort_cost"], abs=1e-6)


def normalised(folder, by, pay, people):
    """The small study scaled to one size; pay : of each plan."""
    path = write(folder, people)
    path.write_text(f'normalise = "{by}"\n{path.read_text()}')
    for name, text in pay.items():
        plan = path.parent / "plans" / f"{name}.toml"
        plan.write_text(plan.read_text().replace("[pay]\ntarget_bonus = 10_000\n", f"[pay]\n{text}\n"))
    return sim.load(path)


ONE_OWN = PEOPLE.splitlines()[0].replace("hired,", "").replace("target_bonus", "ote,pay_mix") + (
    "\nsmb-001,,100000,0.2,100000,\nsmb-002,,,,40000,\nenterprise-001,,,,250000,\n"
)
SALARIED = "target_bonus = 10_000\nbase_salary = 80_000"


def test_plans_are_scaled_to_one_size_beside_peoples_own_terms(tmp_path):
    """What is one's own is paid by all alike, and the rest scaled; a plan with targets of its own pays the mean of what
    the baseline pays: 20,000 to one, 40,000 to two, beside 80,000 of salary.
    """
    twice = "target_bonus = 20_000\nbase_salary = 70_000"
    pay = {"today": SALARIED, "multiplier": twice, "capped": f'{twice}\ntargets = "plan"'}
    study = normalised(tmp_path / "variable", "variable", pay, ONE_OWN)
    assert study.normalised.factors == pytest.approx(
        {"today": 1.0, "multiplier": 0.5, "capped": 100_000 / 3 / 80_000}
    )
    assert [plan.pay.base_salary for plan in study.plans] == pytest.approx([80_000] * 3)
    assert study.normalised.variable == pytest.approx(100_000 / 3)
    study = normalised(tmp_path / "ote", "ote", pay, ONE_OWN)
    whole = (100_000 + 2 * 120_000) / 3
    assert study.normalised.ote == pytest.approx(whole)
    assert study.normalised.factors == pytest.approx(
        {"today": 1.0, "multiplier": 120 / 150, "capped": whole / 150_000}
    )
    document = sim.run(study, worlds=64).document
    base = document["plans"]["multiplier"]["cost_parts"]["base"]
    assert base == pytest.approx(80_000 + 2 * 70_000 * 120 / 150)
    told = document["plans"]["today"]["forecast"]["benchmark"]
    assert told["target"] == pytest.approx(whole)


def test_own_terms_that_cannot_be_scaled_are_a_sentence(tmp_path):
    everybody = ONE_OWN.replace(",,,,", ",,100000,0.2,")
    pay = dict.fromkeys(("multiplier", "capped"), SALARIED)
    with pytest.raises(InputError) as caught:
        normalised(tmp_path, "variable", pay | {"today": f'{SALARIED}\ntargets = "plan"'}, everybody)
    assert str(caught.value.problems[0]).endswith(
        "What people have agreed for themselves is not scaled: write targets = 'plan' into its [pay]."
    )


def test_risk_is_weighed_against_each_ones_own_earnings(tmp_path):
    """Twice the target on the same quota, and no salary: twice the pay at the same risk aversion is twice the premium."""
    extra = "\n[incentive]\nworlds = 64\nbooks = 3\n"
    plain = "csm,target_bonus,quota\n" + "".join(f"{csm},6000,90000\n" for csm in TERMS)
    one = asked_of(tmp_path / "one", plain, extra)["incentive"]
    two = asked_of(tmp_path / "two", plain.replace("6000", "12000"), extra)["incentive"]
    assert one["risk_premium"] > 0.0
    for key in ("risk_premium", "risk_premium_certain", "certain_pay"):
        assert two[key] == pytest.approx(2.0 * one[key])
    mixed = asked_of(tmp_path / "mixed", plain.replace("smb-001,6000", "smb-001,12000"), extra)["incentive"]
    assert one["certain_pay"] < mixed["certain_pay"] < two["certain_pay"]
