"""A share is a share: what is typed as a percentage, or far outside what can be asked, is refused in one sentence."""

import pytest

PLAN = """\
name = "asked"

[pay]
ote = 90_000
pay_mix = 0.3

"""
LEVEL = '[[component]]\nmeasure = "{measure}"\nquota = {{ kind = "target", {quota} }}\n'
LINEAR = '[[component]]\nquota = { kind = "fixed", amount = 500_000 }\n'
SPIFF = '[[component]]\npay_kind = "commission"\nmeasure = "expansion_bookings"\ncommission = { %s }\n'


def percent(value, share):
    return f" A share: {value} % is {share}, and 1 is 100 %."


KEPT = " No book keeps less than nothing, and a target of nothing is always met."
LOWER = " Between floor and target attainment goes from 0 to 1: lower retention would pay more."
ASKED = {
    "grr target": ("grr", "target = 88", f"target must be at most 1, received 88.0.{percent(88, 0.88)}"),
    "grr target above all": ("grr", "target = 1.04", "target must be at most 1, received 1.04."),
    "logo floor": (
        "logo_retention",
        "target = 0.95, floor = 65",
        f"floor must be at most 1, received 65.0.{percent(65, 0.65)}",
    ),
    "floor above target": (
        "grr",
        "target = 0.86, floor = 0.91",
        f"floor must be below target = 0.86 by 0.001, received 0.91.{LOWER}",
    ),
    "floor almost at target": (
        "nrr",
        "target = 1.05, floor = 1.0499999",
        f"floor must be below target = 1.05 by 0.001, received 1.0499999.{LOWER}",
    ),
    "tiny": ("grr", "target = 1e-250", f"target must be at least 0.01, received 1e-250.{KEPT}"),
    "negative": ("nrr", "target = -0.8", f"target must be at least 0.01, received -0.8.{KEPT}"),
    "nrr": ("nrr", "target = 108", f"target must be at most 5, received 108.0.{percent(108, 1.08)}"),
    "growth": (
        "company_arr_growth",
        "target = 12",
        f"target must be at most 5, received 12.0.{percent(12, 0.12)}",
    ),
    "growth below its floor": (
        "company_arr_growth",
        "target = -0.05",
        "target must be above 0 by 0.001, received -0.05. Its floor is 0 unless given.",
    ),
    "kpi on its floor": (
        "nps",
        "target = 30, floor = 30",
        "target must be apart from its floor by 0.001, received 30.0.",
    ),
}


@pytest.mark.parametrize(("measure", "quota", "said"), ASKED.values(), ids=ASKED)
def test_a_level_that_cannot_be_asked(broken, measure, quota, said):
    text = PLAN + LEVEL.format(measure=measure, quota=quota)
    assert broken("plan.toml", None, text) == [f"plan.toml: component[0].quota.{said}"]


@pytest.mark.parametrize(
    ("measure", "quota"),
    [
        ("grr", "target = 1, floor = 0"),
        ("nrr", "target = 1.3, floor = 1"),
        ("company_arr_growth", "target = 0, floor = -0.1"),
        ("onboarding", "target = 30, floor = 90"),
    ],
)
def test_what_can_be_asked(measure, quota, tmp_path):
    from sim.plan.plan import load_plan

    (tmp_path / "plan.toml").write_text(PLAN + LEVEL.format(measure=measure, quota=quota))
    assert load_plan(tmp_path / "plan.toml").component[0].measure == measure


@pytest.mark.parametrize("measure", ["grr", "nrr"])
def test_a_team_is_asked_as_its_measure_is(broken, measure):
    text = PLAN + LEVEL.format(measure="team_attainment", quota="target = 92")
    text = text.replace("quota =", f'team_measure = "{measure}"\nquota =')
    most = {"grr": 1, "nrr": 5}[measure]
    said = f"component[0].quota.target must be at most {most}, received 92.0.{percent(92, 0.92)}"
    assert broken("plan.toml", None, text) == [f"plan.toml: {said}"]


RULES = {
    "retention rate": (
        LINEAR.replace('"fixed", amount = 500_000', '"retention", rate = 94'),
        f"component[0].quota.rate must be at most 3, received 94.0.{percent(94, 0.94)}",
    ),
    "commission rate": (
        SPIFF % "rate = 4",
        f"component[0].commission.rate must be at most 1, received 4.{percent(4, 0.04)}",
    ),
    "tier in percent": (
        SPIFF.replace("commission =", 'quota = { kind = "opening", rate = 0.02 }\ncommission =')
        % "tier = [{ start = 0, rate = 0.05 }, { start = 110, rate = 0.08 }]",
        f"component[0].commission.tier[1].start must be at most 20, received 110.0.{percent(110, 1.1)}",
    ),
    "expansion rate": (
        SPIFF.replace("commission =", 'quota = { kind = "opening", rate = 3 }\ncommission =')
        % "tier = [{ start = 0, rate = 0.05 }]",
        f"component[0].quota.rate must be at most 1, received 3.0.{percent(3, 0.03)}",
    ),
    "curve": (
        LINEAR + 'curve = [{ attainment = "[0, 85)" }, { attainment = "[85, inf)", pays = 1 }]\n',
        "component[0].curve[0].attainment must be an interval with ends of at most 20, received '[0, 85)'."
        + percent(85, 0.85),
        "component[0].curve[1].attainment must be an interval with ends of at most 20, received '[85, inf)'."
        + percent(85, 0.85),
    ),
    "pays": (
        LINEAR + 'curve = [{ attainment = "[0, inf)", pays = 75 }]\n',
        f"component[0].curve[0].pays must be at most 20, received 75.{percent(75, 0.75)}",
    ),
    "weight": (
        LINEAR + "weight = 60\n",
        f"component[0].weight must be at most 1, received 60.{percent(60, 0.6)}",
    ),
    "late credit": (
        LINEAR + "crediting = { late_multiplier = 75 }\n",
        f"component[0].crediting.late_multiplier must be at most 10, received 75.{percent(75, 0.75)}",
    ),
    "provision": (
        LINEAR + "crediting = { early_cap = 40 }\n",
        f"component[0].crediting.early_cap must be at most 10, received 40.{percent(40, 0.4)}",
    ),
    "ramp": (
        LINEAR + "[ramp]\nquota = [25, 50]\n",
        f"ramp.quota[0] must be at most 1, received 25.{percent(25, 0.25)}",
        f"ramp.quota[1] must be at most 1, received 50.{percent(50, 0.5)}",
    ),
    "ramp of nothing": (
        LINEAR + "[ramp]\nquota = [1e-7]\n",
        "ramp.quota[0] must be at least 0.01, received 1e-07.",
    ),
    "guarantee": (
        LINEAR + "[guarantee]\nshare = 100\nperiods = 1\n",
        f"guarantee.share must be at most 1, received 100.{percent(100, 1)}",
    ),
    "gate": (
        LINEAR + 'name = "a"\n[[gate]]\nrequires = "a"\nattainment = 95\n',
        f"gate[0].attainment must be at most 20, received 95.{percent(95, 0.95)}",
    ),
    "cap": (
        LINEAR + "[[cap]]\nmultiple = 150\n",
        f"cap[0].multiple must be at most 20, received 150.{percent(150, 1.5)}",
    ),
}


@pytest.mark.parametrize(("text", "said"), [(text, said) for text, *said in RULES.values()], ids=RULES)
def test_a_share_typed_as_a_percentage_in_a_plan(broken, text, said):
    assert broken("plan.toml", None, PLAN + text) == [f"plan.toml: {each}" for each in said]


SCENARIO = {
    "churn": ("churn = { probability = 0.1 }", "churn = { probability = 8 }", "segment[0].churn.probability", 1, 8, 0.08),
    "on-cost": ("on_cost = 0.08", "on_cost = 9", "employer.on_cost", 1, 9, 0.09),
    "uplift": ("mean = 0.05", "mean = 5", "segment[0].uplift.size.mean", 2, 5, 0.05),
    "lag": ("share = 0.8", "share = 80", "segment[0].lag[0].share", 1, 80, 0.8),
    "loading": ("market = 0.1", "market = 12", "dependence.market", 1, 12, 0.12),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "most", "value", "share"), SCENARIO.values(), ids=SCENARIO)
def test_a_share_typed_as_a_percentage_in_a_scenario(broken, old, new, key, most, value, share):
    said = f"scenario.toml: {key} must be at most {most}, received {value}.{percent(value, share)}"
    assert broken("scenario.toml", old, new) == [said]


STUDY = {
    "limit on the tail": ("[limits]\ncost_p90 = 105", "limits.cost_p90", 10, 105, 1.05),
    "exposure": ("[limits]\nexposure = 20", "limits.exposure", 10, 20, 0.2),
    "margin": ("[ownership]\ngross_margin = 80", "ownership.gross_margin", 1, 80, 0.8),
    "discount": ("[gaming]\ndiscount = 3", "gaming.discount", 1, 3, 0.03),
    "friction": ("[gaming]\nfriction = [2]", "gaming.friction[0]", 1, 2, 0.02),
    "propensity": ("[response]\npropensity = 30", "response.propensity", 1, 30, 0.3),
    "hire": ("[[forecast.hire]]\nstarts = 2026-02-01\ncsms = 1\nramp = [50]", "forecast.hire[0].ramp[0]", 10, 50, 0.5),
}  # fmt: skip


@pytest.mark.parametrize(("table", "key", "most", "value", "share"), STUDY.values(), ids=STUDY)
def test_a_share_typed_as_a_percentage_in_a_study(broken, table, key, most, value, share):
    from tests.rig.inputs.valid_files import VALID

    said = f"study.toml: {key} must be at most {most}, received {value}.{percent(value, share)}"
    assert broken("study.toml", None, f"{VALID['study.toml']}\n{table}\n") == [said]


def test_a_budget_is_money(broken):
    said = "study.toml: budget must be at least 0.01, received 5e-324."
    assert broken("study.toml", "budget = 1_000_000", "budget = 5e-324") == [said]


SMALL = {
    "turnover": ("scenario.toml", "[billing]", "[team]\nturnover_per_year = VALUE\n\n[billing]", "team.turnover_per_year"),
    "expansion": (
        "scenario.toml",
        "events_per_year = 0.4",
        "events_per_year = VALUE",
        "segment[0].expansion.events_per_year",
    ),
    "arrivals": (
        "scenario.toml",
        'name = "smb"\n',
        'name = "smb"\nnew_accounts = { per_year = VALUE, arr = { mean = 9_000, sigma = 0.4 } }\n',
        "segment[0].new_accounts.per_year",
    ),
    "floor": (
        "plan.toml",
        "early_out_of_due = 1.0",
        "early_out_of_due = 1.0\nfloor = VALUE",
        "component[0].quota_moves.floor",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "key"), SMALL.values(), ids=SMALL)
@pytest.mark.parametrize("value", ["5e-324", "9.99e-07"])
def test_what_is_divided_by_is_nothing_or_not_tiny(broken, name, old, new, key, value):
    said = f"{name}: {key} must be 0 or at least 0.000001, received {float(value)}."
    assert broken(name, old, new.replace("VALUE", value)) == [said]
