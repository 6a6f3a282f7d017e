"""Deals by type, term and size: rates, multipliers, caps and gates on them, by hand; and what a plan file may not say."""

import pytest

from sim.errors import InputError
from tests.rig.inputs.activity import activity_of, plan_from
from tests.rig.inputs.deals import eight_quarters, settlement

CALENDAR = eight_quarters()
FULL = [1000.0] * 8
HEAD = 'pay = { base_salary = 1 }\n[[component]]\npay_kind = "commission"\nmeasure = "deal_bookings"\n'


def paid(text, deals, **more):
    found = settlement(plan_from(text), CALENDAR, [], activity=activity_of(FULL, deals=deals, **more))
    return found.paid[:, 0].tolist()


def classes(*rows):
    """Classes of deals of a component, each by the text of its keys."""
    return "".join(f"[[component.deals]]\n{row}\n" for row in rows)


GROWTH = 'types = ["uplift", "expansion"]'
BY_TERM = HEAD + classes(
    f'{GROWTH}\nterm_months = "[0, 24)"\nrate = 0.08',
    f'{GROWTH}\nterm_months = "[24, 36)"\nrate = 0.09',
    f'{GROWTH}\nterm_months = "[36, inf)"\nrate = 0.10',
)


def test_a_rate_for_each_year_of_the_term():
    """8 % of growth, and 1 % more for each further year: 400, 450 and 500 on 5,000; renewals themselves pay nothing."""
    deals = [
        ("uplift", 0, 12, 30_000.0, 5_000.0),
        ("renewal", 0, 12, 30_000.0, 25_000.0),
        ("uplift", 1, 24, 30_000.0, 5_000.0),
        ("expansion", 2, 36, 5_000.0, 5_000.0),
        ("expansion", 3, 35, 5_000.0, 5_000.0),
    ]
    assert paid(BY_TERM, deals)[:4] == pytest.approx([400.0, 450.0, 500.0, 450.0])


BY_TYPE = (
    HEAD
    + 'measurement = "year_to_date"\n'
    + classes(
        'types = ["new"]\nrate = 0.10',
        'types = ["renewal"]\nrate = 0.02',
        'types = ["uplift", "expansion", "credit"]\nrate = 0.06',
        'types = ["contraction", "churn"]\nrate = 0.01',
    )
)


def test_a_rate_for_each_record_type_and_losses_netted():
    deals = [
        ("new", 0, 12, 40_000.0, 40_000.0),
        ("renewal", 0, 12, 90_000.0, 80_000.0),
        ("uplift", 0, 12, 90_000.0, 10_000.0),
        ("credit", 1, 12, 2_000.0, -2_000.0),
        ("churn", 1, 12, 50_000.0, -50_000.0),
        ("expansion", 2, 12, 20_000.0, 20_000.0),
    ]
    assert paid(BY_TYPE, deals)[:3] == pytest.approx([4_000.0 + 1_600.0 + 600.0, 0.0, 1_200.0 - 620.0])


WHOLE = 'types = ["renewal", "uplift"]'
BY_SIZE = HEAD + classes(
    f'{WHOLE}\nsize = "[0, 50_000)"\nrate = 0.01',
    f'{WHOLE}\nsize = "[50_000, 250_000]"\nrate = 0.015',
    f'{WHOLE}\nsize = "(250_000, inf)"\nrate = 0.02',
)


@pytest.mark.parametrize(
    ("size", "pay"),
    [
        (49_999.99, 499.9999),
        (50_000.0, 750.0),
        (250_000.0, 3_750.0),
        (250_000.0 * (1 + 1e-15), 3_750.0),  # the rounding of a sum decides no class
        (250_000.01, 5_000.0002),
    ],
)
def test_a_deal_is_paid_whole_at_the_rate_of_its_size(size, pay):
    assert paid(BY_SIZE, [("renewal", 0, 12, size, size)])[0] == pytest.approx(pay, rel=1e-12)


def test_the_date_that_places_a_deal():
    text = BY_TERM.replace(
        'measure = "deal_bookings"\n',
        'measure = "deal_bookings"\ndates = { renewal = "cash", expansion = "cash" }\n',
    )
    when = {"booking": 0, "due": 1, "cash": 3}
    deals = [("uplift", when, 12, 9.0, 5_000.0), ("expansion", {"booking": 0}, 12, 9.0, 5_000.0)]
    assert paid(text, deals)[:4] == pytest.approx(
        [0.0, 0.0, 0.0, 400.0]
    )  # what is not paid for is not credited
    assert paid(BY_TERM, deals)[:2] == pytest.approx([400.0, 400.0])


def test_caps_gates_and_modifiers_act_on_them():
    deals = [("uplift", quarter, 12, 9.0, 20_000.0) for quarter in range(4)]
    capped = BY_TERM + '[[cap]]\nusd = 4_000\nover = "year"\n'
    assert paid(capped, deals)[:4] == pytest.approx([1_600.0, 1_600.0, 800.0, 0.0])
    asked = BY_TERM.replace(
        'measure = "deal_bookings"\n',
        'name = "growth"\nmeasure = "deal_bookings"\nquota = { kind = "fixed", amount = 25_000 }\n',
    )
    gated = asked + '[[gate]]\ncomponent = "growth"\nrequires = "growth"\nattainment = 0.9\n'
    assert paid(gated, deals)[0] == 0.0
    faster = asked + (
        '[[modifier]]\ncomponent = "growth"\nby = "growth"\n[[modifier.curve]]\nattainment = "[0, 0.5)"\npays = 1.0\n'
        '[[modifier.curve]]\nattainment = "[0.5, inf)"\npays = 1.5\n'
    )
    assert paid(faster, deals)[0] == pytest.approx(2_400.0)


WEIGHED = '[[component]]\nmeasure = "deal_bookings"\nquota = { kind = "fixed", amount = 40_000 }\n' + classes(
    f'{GROWTH}\nterm_months = "[24, inf)"\nmultiplier = 1.25', f'{GROWTH}\nterm_months = "[0, 24)"'
)


def test_a_bonus_on_deals_that_count_more():
    """16 at 1.25 and 20 at 1: 40 of 40. A quota, a curve and a multiplier of credit, as a published plan has it."""
    deals = [("uplift", 0, 24, 1.0, 16_000.0), ("expansion", 0, 12, 1.0, 20_000.0)]
    found = settlement(plan_from(WEIGHED), CALENDAR, [], activity=activity_of(FULL, deals=deals))
    (earned,) = found.component.values()
    assert (earned.measured.value[0, 0], earned.measured.attainment[0, 0]) == (40_000.0, 1.0)
    assert found.paid[0, 0] == pytest.approx(100.0)


def test_tiers_of_a_commission_on_the_deals_that_count():
    text = HEAD + (
        'commission = { tier = [{ start = 0, rate = 0.05 }, { start = 10_000, rate = 0.08 }], tiers_by = "dollars" }\n'
        + classes('types = ["expansion"]\nsize = "[5_000, inf)"')
    )
    deals = [("expansion", 0, 12, size, size) for size in (4_000.0, 6_000.0, 9_000.0)]
    assert paid(text, deals)[0] == pytest.approx(0.05 * 10_000 + 0.08 * 5_000)


COUNTED = HEAD.replace("deal_bookings", "deal_count") + classes(
    'types = ["renewal"]\nterm_months = "[12, 24)"\nper_event = 100',
    'types = ["renewal"]\nterm_months = "[24, inf)"\nper_event = 250',
)


def test_an_amount_for_each_deal_by_its_term():
    deals = [("renewal", 0, months, 9.0, 9.0) for months in (12, 12, 24, 36, 6)]
    assert paid(COUNTED, deals)[0] == pytest.approx(2 * 100 + 2 * 250)


def test_losses_of_an_inherited_book_are_not_held_against_its_holder():
    text = (
        BY_TYPE.replace('measurement = "year_to_date"\n', "")
        + "[grace]\nperiods = 2\n[carry]\nnegative = true\n"
    )
    deals = [("churn", 1, 12, 1.0, -50_000.0), ("new", 2, 12, 1.0, 20_000.0)]
    assert paid(text, deals)[:3] == pytest.approx([0.0, 0.0, 1_500.0])
    new = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    assert paid(text, deals, tenure=new)[:3] == pytest.approx([0.0, 0.0, 2_000.0])


def test_a_ledger_that_does_not_tell_them_apart_is_refused():
    plan = plan_from(BY_TERM)
    activity = activity_of(FULL)._replace(deals={})
    with pytest.raises(ValueError, match="tells no such deals apart"):
        settlement(plan, CALENDAR, [], activity=activity)


def one(row, measure="deal_bookings", more=""):
    return HEAD.replace("deal_bookings", measure) + more + "\n" + classes(row)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD + "commission = { rate = 0.1 }", "Add '[[component.deals]]': the types that count."),
        (
            one('types = ["uplift"]\nrate = 0.1', "uplift_bookings"),
            "Only deal_bookings and deal_count read classes",
        ),
        (one('types = ["uplift"]'), "A commission needs its rates."),
        (
            one('types = ["uplift"]\nrate = 0.1', more="commission = { rate = 0.1 }"),
            "Pay is by commission, or by class",
        ),
        (one('types = ["uplift"]\nper_event = 5'), "deal_count pays per_event, deal_bookings a rate."),
        (one('types = ["uplift"]\nrate = 10'), "0.1"),
        (one('types = ["churn"]\nper_event = 5', "deal_count"), "A loss is no event to pay for."),
        (
            one('types = ["renewal", "uplift"]\nper_event = 5', "deal_count"),
            "A renewal with uplift is one deal",
        ),
        (one('types = ["uplift"]\nrate = 0.1\nterm_months = "24-36"'), "an interval such as '[24, 36)'"),
        (one('types = ["uplift", "uplift"]\nrate = 0.1'), "each type once"),
        (
            one('types = ["uplift"]\nrate = 0.1', more='dates = { churn = "notice" }'),
            "These types of deals do not read it.",
        ),
        (
            HEAD.replace("deal_bookings", "uplift_bookings")
            + 'commission = { rate = 0.1 }\ndates = { renewal = "cash" }\n',
            "What is credited when it is billed is told deal by deal: measure = 'deal_bookings'.",
        ),
        (
            BY_TERM.replace("[24, 36)", "[18, 36)"),
            "deals[0] and deals[1] both hold some uplift: close one of the intervals earlier.",
        ),
        (BY_TERM.replace("rate = 0.09\n", ""), "Pay is by class, or by commission."),
        (WEIGHED.replace("multiplier = 1.25", "rate = 0.1"), "Only pay_kind = 'commission' pays by rate."),
    ],
)
def test_what_a_plan_file_may_not_say_of_deals(text, sentence):
    with pytest.raises(InputError) as caught:
        plan_from(text)
    assert sentence in str(caught.value)
