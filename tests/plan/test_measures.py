"""What each measure reads, worked by hand. Target bonus 100 a quarter; a book of 1,000 of ARR."""

import pytest

from sim.errors import InputError
from sim.plan.measures import KPIS, MEASURES, OWN_KPI, MeasureName, TeamMeasure
from tests.rig.inputs.activity import activity_of, plan_from
from tests.rig.inputs.deals import Deal, eight_quarters, in_quarter, settlement

CALENDAR = eight_quarters()
FULL = [1000.0] * 8


def settled(text, activity, company=None, deals=()):
    return settlement(plan_from(text), CALENDAR, list(deals), activity=activity, company=company)


def first(text, activity, company=None):
    """Value, target, attainment and pay of the first component in the first quarter."""
    found = next(iter(settled(text, activity, company).component.values()))
    value, target, attainment = (each[0, 0] for each in found.measured[:3])
    return value, target, attainment, found.pay[0, 0]


def share(measure, **keys):
    lines = "\n".join(f"{key} = {value}" for key, value in keys.items())
    return f'[[component]]\nmeasure = "{measure}"\n{lines}\nquota = {{ kind = "target", floor = 0.8, target = 0.9 }}\n'


def test_every_row_has_what_its_kind_is_read_by():
    assert {name for name, row in MEASURES.items() if row.alone} == set(MeasureName.__args__)
    assert {name for name, row in MEASURES.items() if row.of_team} == set(TeamMeasure.__args__)
    for name, row in MEASURES.items():
        adds_up = row.kind in ("bookings", "change", "events")
        assert (row.counted is not None) == (adds_up and not row.by_deal)
        assert (row.kept is not None) == (row.kind == "share")
        by_target = row.kind in ("share", "company", "kpi") and name != "team_attainment"
        assert (row.level is not None) == by_target
    assert [name for name, row in MEASURES.items() if row.kind == "kpi"] == [*KPIS, OWN_KPI]


def test_gross_retention_counts_losses_only():
    # 1,000 - 40 churned - 10 shrunk = 950; growth does not count. (0.95 - 0.8) / (0.9 - 0.8) = 1.5
    activity = activity_of(FULL, churn=40, contraction=10, expansion=500, uplift=70, new=900)
    assert first(share("grr"), activity) == pytest.approx((0.95, 0.9, 1.5, 150.0))


def test_net_retention_adds_expansion_and_uplift_but_no_new_customers():
    # 1,000 - 250 + 60 + 30 = 840. (0.84 - 0.8) / 0.1 = 0.4
    activity = activity_of(FULL, churn=200, contraction=50, expansion=60, uplift=30, new=900)
    assert first(share("nrr"), activity) == pytest.approx((0.84, 0.9, 0.4, 40.0))


def test_below_the_floor_the_curve_pays_what_it_pays_at_0():
    value, _, attainment, pay = first(share("grr"), activity_of(FULL, churn=300))
    assert (value, attainment, pay) == (pytest.approx(0.7), pytest.approx(-1.0), 0.0)


def test_logo_retention_counts_accounts():
    # 20 accounts, 1 lost: 0.95, whatever its ARR. (0.95 - 0.8) / 0.1 = 1.5
    activity = activity_of(FULL, churn=700, number={"accounts": 20, "churn": 1})
    assert first(share("logo_retention"), activity) == pytest.approx((0.95, 0.9, 1.5, 150.0))


LATE_LOST = 'retention = { late = "lost" }\n'
LAPSE = {"lapsed": [100, 0, 0, 0, 0, 0, 0, 0], "won_back": [0, 160, 0, 0, 0, 0, 0, 0]}


def test_a_late_renewal_is_kept_all_along():
    value = settled(share("grr"), activity_of(FULL, **LAPSE)).component["renewals"].measured.value
    assert value[:3, 0].tolist() == [1.0, 1.0, 1.0]


def test_a_late_renewal_may_be_lost_until_it_is_booked_and_makes_up_for_its_own_window_only():
    # Q1: 100 of 1,000 are out, 0.9. Q2: 100 come back; they were not held when Q2 began, so Q2 keeps 1,000 of 1,000.
    activity = activity_of(FULL, **LAPSE)
    value = settled(share("grr") + LATE_LOST, activity).component["renewals"].measured.value
    assert value[:3, 0].tolist() == pytest.approx([0.9, 1.0, 1.0])
    # Year to date: out at the end of Q1, back at the end of Q2
    year = share("grr", measurement='"year_to_date"') + LATE_LOST
    value = settled(year, activity).component["renewals"].measured.value
    assert value[:3, 0].tolist() == pytest.approx([0.9, 1.0, 1.0])


def test_uplift_is_placed_by_the_date_of_renewals():
    activity = activity_of(FULL, lapsed=100, uplift_booking=30, uplift_due=10)
    placed = share("nrr") + 'dates = { renewal = "booking" }'
    assert first(placed, activity)[0] == pytest.approx(1.03)
    assert first(share("nrr"), activity)[0] == pytest.approx(1.01)


def test_what_counts_as_kept_is_said_of_retention_only():
    with pytest.raises(InputError, match="retention must be absent"):
        plan_from(
            '[[component]]\nmeasure = "adoption"\nquota = { kind = "target", target = 0.5 }\n' + LATE_LOST
        )
    team = share("team_attainment", team_measure='"arr_growth"') + LATE_LOST
    with pytest.raises(InputError, match="retention must be absent"):
        plan_from(team)
    assert plan_from(share("team_attainment", team_measure='"grr"') + LATE_LOST).component[0].is_retention


def test_losses_may_be_placed_at_the_customers_notice():
    activity = activity_of(FULL, churn_due=40, churn_notice=90, contraction_due=5, contraction_notice=7)
    placed = share("grr") + 'dates = { churn = "notice", contraction = "notice" }'
    assert first(placed, activity)[0] == pytest.approx(0.903)
    assert first(share("grr"), activity)[0] == pytest.approx(0.955)


def test_a_book_without_arr_keeps_all_of_it():
    activity = activity_of([0.0] * 8)
    assert first(share("nrr"), activity)[0] == 1.0
    assert first(share("logo_retention"), activity)[0] == 1.0


def test_growth_bookings_are_expansion_and_uplift():
    activity = activity_of(FULL, expansion=30, uplift=12, multi_year=44)
    for measure, credit in {
        "expansion_bookings": 30,
        "uplift_bookings": 12,
        "growth_bookings": 42,
        "multi_year_bookings": 44,
    }.items():
        text = f'[[component]]\nmeasure = "{measure}"\nquota = {{ kind = "fixed", amount = 60 }}'
        assert first(text, activity) == pytest.approx((credit, 60, credit / 60, 100 * credit / 60))


def test_a_quota_may_be_a_share_of_the_arr_held():
    # 3 % of 1,000 is 30; 36 booked: 120 %
    text = '[[component]]\nmeasure = "expansion_bookings"\nquota = { kind = "opening", rate = 0.03 }'
    assert first(text, activity_of(FULL, expansion=36)) == pytest.approx((36, 30, 1.2, 120))


def test_where_nothing_is_asked_it_is_attained():
    text = '[[component]]\nmeasure = "expansion_bookings"\nquota = { kind = "opening", rate = 0.03 }'
    assert first(text, activity_of([0.0] * 8, expansion=36))[2] == 1.0


def test_company_growth_counts_everything_that_changes_arr():
    # 10,000 + 900 + 100 + 50 + 20 - 30 - 200 - 40 = 10,800: 8 %. Of 10 %: 0.8
    company = activity_of(
        [10_000.0] * 8, new=900, expansion=100, uplift=50, won_back=20, contraction=30, churn=200, lapsed=40
    )
    text = '[[component]]\nmeasure = "company_arr_growth"\nquota = { kind = "target", target = 0.10 }'
    assert first(text, None, company) == pytest.approx((0.08, 0.10, 0.8, 80.0))


def test_the_team_is_read_as_a_book():
    company = activity_of([10_000.0] * 8, churn=1_500)
    assert first(share("team_attainment", team_measure='"grr"'), None, company) == pytest.approx(
        (0.85, 0.9, 0.5, 50)
    )


@pytest.mark.parametrize("measure", ["health", "nps", "adoption", "onboarding"])
def test_a_kpi_is_measured_on_its_own_scale(measure):
    # from 20 to 40: 35 is three quarters of the way
    text = f'[[component]]\nmeasure = "{measure}"\nquota = {{ kind = "target", floor = 20, target = 40 }}'
    assert first(text, activity_of(FULL, kpi={measure: 35})) == pytest.approx((35, 40, 0.75, 75))


def test_of_some_kpis_less_is_better():
    # from 90 days down to 30: 45 is three quarters of the way
    text = '[[component]]\nmeasure = "onboarding"\nquota = { kind = "target", floor = 90, target = 30 }'
    assert first(text, activity_of(FULL, kpi={"onboarding": 45}))[2] == pytest.approx(0.75)


def test_components_are_weighted():
    # 0.6 x 100 x 1.5 + 0.4 x 100 x 0.5 = 110
    text = """
    [[component]]
    name = "grr"
    weight = 0.6
    measure = "grr"
    quota = { kind = "target", floor = 0.8, target = 0.9 }
    [[component]]
    name = "adoption"
    weight = 0.4
    measure = "adoption"
    quota = { kind = "target", target = 0.8 }
    """
    found = settled(text, activity_of(FULL, churn=50, kpi={"adoption": 0.4}))
    assert {name: each.pay[0, 0] for name, each in found.component.items()} == pytest.approx(
        {"grr": 90, "adoption": 20}
    )
    assert found.paid[0, 0] == pytest.approx(110)
    assert found.statement.bonus[0, 0] == pytest.approx(110)


def test_the_statement_shows_the_first_component_on_renewals():
    text = """
    [[component]]
    name = "adoption"
    weight = 0.5
    measure = "adoption"
    quota = { kind = "target", target = 0.8 }
    [[component]]
    name = "renewals"
    weight = 0.5
    quota = { kind = "fixed", amount = 600 }
    """
    deals = [Deal(in_quarter(CALENDAR, 0), in_quarter(CALENDAR, 0), 300.0)]
    found = settled(text, activity_of(FULL, kpi={"adoption": 0.8}), deals=deals).statement
    assert (found.quota[0, 0], found.credit_on_time[0, 0], found.attainment[0, 0]) == (600, 300, 0.5)
    assert found.bonus[:2, 0].tolist() == [75, 50]


def test_a_plan_says_what_it_reads():
    plan = plan_from(share("nrr") + "[[clawback]]\nperiods = 2")
    assert plan.reads == {"flow", "team"}
    assert plan_from('seat = { vacant = "paid" }\n' + share("nrr")).reads == {"flow"}
    with pytest.raises(ValueError, match="no activity"):
        settled(share("nrr"), None)
    with pytest.raises(ValueError, match="no company activity"):
        settled(share("team_attainment", team_measure='"nrr"'), activity_of(FULL))
