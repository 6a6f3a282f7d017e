"""Who owns renewals: assumed outcomes on the same draws, companies to compare on, and where each role set wins."""

import numpy as np
import pytest

import sim
from sim.engine.company_cost import cost_by_world
from sim.engine.study import variants_of
from sim.questions.ownership.findings import ownership_finding
from sim.questions.ownership.setting import Ownership, company_study
from sim.questions.ownership.summary import BreakEven, Deciding, OwnershipOfStudy
from sim.questions.registry import typed
from sim.report.written import report_text
from sim.world.shift import Shift, shift_world
from tests.rig.inputs.roles import STUDY, write_roles
from tests.rig.readers.texts import by_name, rows_of
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit  # whole runs


OWNERSHIP = """
[ownership]
outcomes = true
gross_margin = 0.8
complexity = 0.25
worlds = 64

[ownership.sales_process]
smb = 0.0
enterprise = 1.0

[[ownership.effect]]
role_set = "sold"
outcome = "churn"
always = 0.2
sales_process = -0.6
complexity = 0.4
source = "assumption"

[[ownership.effect]]
role_set = "managed"
outcome = "expansion"
sales_process = 0.5
source = "assumption"

[[ownership.company]]
name = "startup"
segment = "smb"
csms = 2
complexity = 0.0

[[ownership.company]]
name = "grown"
segment = "smb"
csms = 6
complexity = 1.0
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return sim.load(write_roles(tmp_path_factory.mktemp("owned") / "study", study=STUDY + OWNERSHIP))


@pytest.fixture(scope="module")
def result(study):
    return sim.run(study, threads=2)


def test_shifts_by_hand(study):
    """sold: 0.2 - 0.6 x sales process + 0.4 x 0.25; managed: 0.5 x sales process; bonus: as the scenario has it."""
    assert study.asked(Ownership).shift("sold", "smb") == Shift(churn=pytest.approx(0.3))
    assert study.asked(Ownership).shift("sold", "enterprise") == Shift(churn=pytest.approx(-0.3))
    assert study.asked(Ownership).shift("managed", "enterprise") == Shift(expansion=0.5)
    shifts, variant_of = variants_of(study)
    assert shifts[0] == {}
    assert shifts[1].keys() == {"enterprise"}
    assert shifts[2].keys() == {"smb", "enterprise"}
    assert variant_of == (0, 1, 2)


def test_each_role_set_lives_in_its_own_outcomes(study, result):
    """Retention of each is that of the shifted world, on the same draws; others are as they would be without."""
    shifts, _ = variants_of(study)
    for shift, retention in zip(shifts, result.totals.retentions, strict=True):
        world = shift_world(study.scenario, study.seed, shift)
        closing = sum(world.simulate(csm, 0, study.worlds)[1].closing[-1] for csm in range(7))
        np.testing.assert_allclose(retention.closing, closing, rtol=1e-12)
    grown = result.totals.retentions[1].closing >= result.totals.retentions[0].closing
    assert grown.mean() > 0.9


def test_outcomes_that_are_off_or_zero_change_nothing(study, result, tmp_path):
    plain = sim.run(sim.load(write_roles(tmp_path / "plain")))
    off = sim.run(
        sim.load(write_roles(tmp_path / "off", study=STUDY + OWNERSHIP.replace("= true", "= false")))
    )
    zero = OWNERSHIP
    for effect in ("always = 0.2", "sales_process = -0.6", "sales_process = 0.5", "complexity = 0.4"):
        zero = zero.replace(effect, "always = 0.0" if "always" in effect else "")
    none = sim.run(sim.load(write_roles(tmp_path / "zero", study=STUDY + zero)))
    for other in (off, none):
        assert other.totals.variable.tobytes() == plain.totals.variable.tobytes()
        assert len(other.totals.retentions) == 1
        assert other.document["plans"] == plain.document["plans"]
    assert result.totals.variable[0].tobytes() == plain.totals.variable[0].tobytes()
    assert "ownership" not in plain.document


def test_margin_less_cost_by_hand(study, result):
    own = result.document["ownership"]["companies"][0]
    served, costs = [], []
    shifts, _ = variants_of(study)
    for index, shift in enumerate(shifts):
        world = shift_world(study.scenario, study.seed, shift)
        bridges = [world.simulate(csm, 0, study.worlds)[1] for csm in range(7)]
        served.append(sum((bridge.opening + bridge.closing) / 2 for bridge in bridges).sum(axis=0) / 4)
        costs.append(cost_by_world(study, result.totals, index).sum(axis=0))
    for name, arr, cost in zip(("bonus", "managed", "sold"), served, costs, strict=True):
        found = own["plans"][name]
        assert found["served"] == pytest.approx(arr.mean())
        net = 0.8 * arr - cost
        assert found["net"] == pytest.approx(net.mean())
        assert found["net_se"] == pytest.approx(net.std(ddof=1) / np.sqrt(study.worlds))
        difference = net - (0.8 * served[0] - costs[0])
        assert found["net_vs_baseline"]["mean"] == pytest.approx(difference.mean())
        assert found["gain_needed"] == pytest.approx((cost - costs[0]).mean() / (0.8 * served[0]).mean())
        assert found["gain_found"] == pytest.approx((arr - served[0]).mean() / served[0].mean())
    best = max(own["plans"], key=lambda name: own["plans"][name]["net"])
    assert own["best"] == best


def test_a_company_is_its_segment_at_its_scale(study, result):
    startup = company_study(study, study.asked(Ownership).company[0])
    assert [segment.name for segment in startup.scenario.segment] == ["smb"]
    assert (startup.scenario.segment[0].csms, startup.worlds, startup.seed) == (2, 64, study.seed)
    assert startup.asked(Ownership).shift("sold", "smb") == Shift(churn=0.2)
    alone = sim.run(startup)
    found = result.document["ownership"]["companies"][1]
    assert found["plans"] == alone.document["ownership"]["companies"][0]["plans"]
    assert (found["name"], found["csms"], found["sales_process"]) == ("startup", 2, 0.0)
    assert alone.document["plans"]["managed"]["cost_by_role"]["manager"]["payees"] == 1


def test_a_role_without_books_in_a_company_is_not_paid(study):
    enterprise = study.asked(Ownership).company[0].model_copy(update={"segment": "enterprise"})
    assert [role.name for role in company_study(study, enterprise).sets[2].roles] == ["csm"]


def test_blocks_change_no_bit_and_results_run_again(study, result, tmp_path):
    assert sim.run(study, threads=1, block=64).to_json() == result.to_json()
    directory = result.write(tmp_path / "out")
    assert sim.run(sim.load(directory / "study.toml")).to_json() == result.to_json()


@pytest.mark.parametrize("width", [80, 100])
def test_the_report_shows_where_each_wins(result, width):
    text = report_text(result.document, width)
    assert max(map(len, text.splitlines())) <= width
    for line in (
        "Who owns renewals and expansion",
        "Net by company",
        "2 assumed effects",
        "Under bonus the company keeps",
    ):
        assert line in " ".join(text.split())


def test_the_shipped_ownership_study_runs():
    study = sim.load(CONFIGS / "studies" / "ownership.toml")
    assert [each.name for each in study.sets] == ["csm-owns", "am-owns", "sales-owns"]
    assert not study.asked(Ownership).outcomes
    assert all("assumption" in effect.source for effect in study.asked(Ownership).effect)
    few = study.asked(Ownership).model_copy(update={"company": study.asked(Ownership).company[:2]})
    result = sim.run(study_with(study, few), worlds=64)
    companies = result.document["ownership"]["companies"]
    assert [each["name"] for each in companies] == [
        "company-team",
        "startup, simple product",
        "scale-up, velocity sale",
    ]
    for each in companies:
        costs = {name: plan["cost"] for name, plan in each["plans"].items()}
        assert each["best"] == min(costs, key=costs.get)  # the same customers: the cheapest wins


def test_the_shipped_team_study_runs():
    """Twenty in a hundred CSMs leave a year, and seats stand vacant for 90 of 365 + 90 x 0.2 days of it."""
    document = sim.run(sim.load(CONFIGS / "studies" / "team.toml"), worlds=64).document
    seats = document["plans"]["base"]["cost_by_role"]["csm"]["seats"]
    expected = 0.2 * 90 / 365.25
    assert seats["open_share"] == pytest.approx(expected / (1 + expected), abs=0.01)
    assert document["plans"]["covered"]["vs_baseline"]["mean"] > 0.0
    assert document["plans"]["guaranteed"]["vs_baseline"]["mean"] > 0.0


def study_with(study, ownership: Ownership):

    return study.asking(ownership)


def refused(folder, old, new):
    assert OWNERSHIP.count(old) == 1
    with pytest.raises(sim.InputError) as error:
        sim.load(write_roles(folder, study=STUDY + OWNERSHIP.replace(old, new)))
    return [str(problem).replace(f"{folder}/", "") for problem in error.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'role_set = "sold"',
            'role_set = "solld"',
            (
                "study.toml: ownership.effect[0].role_set must be one of ['bonus', 'managed', 'sold'], received 'solld'. "
                "Did you mean 'sold'?"
            ),
        ),
        (
            "enterprise = 1.0",
            "entreprise = 1.0",
            (
                "study.toml: ownership.sales_process.entreprise must be one of ['smb', 'enterprise'], "
                "received 'entreprise'. Did you mean 'enterprise'?"
            ),
        ),
        (
            "enterprise = 1.0",
            "enterprise = 1.5",
            "study.toml: ownership.sales_process.enterprise must be at most 1, received 1.5.",
        ),
        (
            'name = "startup"\nsegment = "smb"',
            'name = "startup"\nsegment = "smbs"',
            (
                "study.toml: ownership.company[0].segment must be one of ['smb', 'enterprise'], received 'smbs'. "
                "Did you mean 'smb'?"
            ),
        ),
        (
            "csms = 2",
            "csms = 0",
            "study.toml: ownership.company[0].csms must be at least 1, received 0.",
        ),
        (
            'name = "grown"',
            'name = "startup"',
            "study.toml: ownership.company must be companies of different names, received ['startup', 'startup'].",
        ),
        (
            'outcome = "expansion"\nsales_process = 0.5\nsource = "assumption"',
            'outcome = "expansion"\nsales_process = 0.5',
            "study.toml: ownership.effect[1].source must be present, received nothing. Add 'ownership.effect[1].source'.",
        ),
        (
            "gross_margin = 0.8",
            "gross_margin = 0",
            "study.toml: ownership.gross_margin must be at least 0.000001, received 0.",
        ),
    ],
)
def test_a_bad_table_is_one_sentence(tmp_path, old, new, sentence):
    assert refused(tmp_path / "study", old, new) == [sentence]


def test_scale_runs_from_lean_to_specialised():
    """Logarithmic: of 2 and 32 books, 8 are half-way; beyond the ends it stays."""
    table = {"gross_margin": 0.8, "lean": 2, "specialised": 32}
    ownership = Ownership(**table)
    assert [ownership.scale(books) for books in (1, 2, 8, 32, 200)] == pytest.approx([0, 0, 0.5, 1, 1])
    effect = {"role_set": "a", "outcome": "churn", "always": 0.1, "scale": -0.4, "source": "assumption"}
    sized = Ownership(**table, effect=(effect,))
    assert sized.shift("a", "any", 8).churn == pytest.approx(0.1 - 0.4 * 0.5)
    assert sized.shift("a", "any", 1000).churn == pytest.approx(0.1 - 0.4)
    assert sized.shift("a", "any").churn == pytest.approx(0.1 - 0.4 * 0.5)  # of a file nobody has told


def test_a_role_set_draws_level_where_it_says():
    """With the odds of the break-even as one more effect, the net of both is the same in an ordinary run."""
    from sim.questions.ownership.setting import Effect

    shipped = sim.load(CONFIGS / "studies" / "ownership.toml")
    grown = next(each for each in shipped.asked(Ownership).company if each.name == "mature mid-market")
    on = shipped.asked(Ownership).model_copy(update={"outcomes": True, "worlds": 64})
    study = company_study(study_with(shipped, on), grown)
    own = sim.run(study).document["ownership"]["companies"][0]
    best, levels = own["deciding"]["best"], own["deciding"]["break_even"]
    assert (best, set(levels)) == ("am-owns", {"csm-owns", "sales-owns"})
    for name, level in levels.items():
        assert level["odds"] == pytest.approx(np.exp(level["log_odds"]))
        more = Effect(role_set=name, outcome="churn", always=level["log_odds"], source="assumption")
        effects = (*study.asked(Ownership).effect, more)
        moved = study.asked(Ownership).model_copy(update={"effect": effects, "decide_worlds": 2})
        plans = sim.run(study_with(study, moved)).document["ownership"]["companies"][0]["plans"]
        before = own["plans"][best]["net"] - own["plans"][name]["net"]
        assert abs(plans[name]["net"] - plans[best]["net"]) < 0.1 * before


def test_what_tips_the_choice_is_what_a_run_without_it_finds(study, result):
    deciding = result.document["ownership"]["companies"][0]["deciding"]
    assert set(deciding["without"]) == {"always", "sales_process", "complexity"}
    for factor, best in deciding["without"].items():
        effects = tuple(each.model_copy(update={factor: 0.0}) for each in study.asked(Ownership).effect)
        plain = study.asked(Ownership).model_copy(
            update={"effect": effects, "company": (), "decide_worlds": 2}
        )
        again = sim.run(study_with(study, plain), worlds=deciding["worlds"])
        assert again.document["ownership"]["companies"][0]["best"] == best


def test_tools_are_paid_for_every_payee(study, result):
    """9,000 a year for each of them, over the horizon's years; nothing of it is in the cost of pay."""
    dear = study.asked(Ownership).model_copy(update={"tooling": 9_000.0, "company": (), "decide_worlds": 2})
    found = sim.run(study_with(study, dear)).document
    years = found["study"]["years"]
    for name, plan in found["ownership"]["companies"][0]["plans"].items():
        payees = sum(role["payees"] for role in found["plans"][name]["cost_by_role"].values())
        before = result.document["ownership"]["companies"][0]["plans"][name]
        assert plan["net"] == pytest.approx(before["net"] - 9_000 * payees * years)
        assert plan["cost"] == before["cost"]


def test_surveys_stand_beside(result):
    rows = result.document["ownership"]["survey"]
    assert {row["share"] for row in rows} == {0.515, 0.485, 0.6, 0.42, 0.3}
    text = " ".join(report_text(result.document, 100).split())
    assert "Customer Success professionals on fixed pay 51.5 %" in text
    assert "For context, no input. Found by Catalyst and Thrive Network (2021), as told in" in text
    assert "What decides: odds of loss x" in text


def test_the_finding_says_what_the_choice_rests_on(result):
    """From the same numbers as the table: the factors that tip it, who is best then, and who is nearest."""
    ownership = typed(result.document).of(OwnershipOfStudy).ownership
    company, *others = ownership.companies
    deciding = Deciding(
        best=company.best,
        worlds=64,
        without={"always": company.best, "scale": "sold", "complexity": "managed"},
        break_even={
            "sold": BreakEven(log_odds=-0.5, log_odds_se=0.1, odds=0.6),
            "managed": BreakEven(log_odds=-0.2, log_odds_se=0.1, odds=0.82),
        },
    )
    changed = company.model_copy(update={"deciding": deciding, "clear": True})
    text = ownership_finding(ownership.model_copy(update={"companies": (changed, *others)}))
    assert (
        "what is assumed to come of scale, complexity: with one of these left out it is managed, sold."
        in text
    )
    assert "managed draws level where its odds of losing a renewal are 18 % lower than assumed." in text


def test_every_number_of_the_answer_has_a_type(result):
    """What the run writes is what the models say, no key more or less."""
    answer = typed(result.document).of(OwnershipOfStudy)
    assert answer.document() == {"ownership": result.document["ownership"]}


def test_tables_are_of_a_year_and_agree_with_each_other(result):
    """The same role set in the table of the company and in the overview; differences of the rows are those shown."""
    tables = by_name(result.document)
    ownership = rows_of(tables["ownership"])
    (overview, *further) = rows_of(tables["companies"])
    company = result.document["ownership"]["companies"][0]
    net = {row["plan"]: float(row["net"]) for row in ownership}
    assert net == pytest.approx(
        {name: plan["net"] / company["years"] for name, plan in company["plans"].items()}
    )
    assert overview["best"] == max(net, key=net.get)
    assert float(overview["net"]) == net[overview["best"]]
    assert float(overview["ahead"]) == pytest.approx(net[overview["best"]] - net[overview["next"]])
    for row in ownership[1:]:
        assert float(row["vs"]) == pytest.approx(net[row["plan"]] - net["bonus"])
    assert {row["company"] for row in rows_of(tables["role_sets"])} == {row["company"] for row in further}
