"""Components and rules that do not fit together, and what is said about each, word for word."""

import pytest

FIRST = "[[component]]"
AFTER = 'measure = "renewal_bookings"'
NRR = '\n[[component]]\nname = "nrr"\nmeasure = "nrr"\nquota = { kind = "target", target = 1.1 }\nweight = 0.5\n'
SPIFF = '\n[[component]]\nname = "spiff"\npay_kind = "commission"\n'
CASES = {
    "no quota": (
        NRR.replace('quota = { kind = "target", target = 1.1 }\n', ""),
        "component[0].quota must be present, received nothing. Add '[component.quota]'.",
    ),
    "a quota of another measure": (
        NRR.replace('"target", target = 1.1', '"fixed", amount = 1'),
        "component[0].quota.kind must be 'target', received 'fixed'. So is nrr asked.",
    ),
    "a target on its floor": (
        NRR.replace("target = 1.1", "target = 1.1, floor = 1.1"),
        (
            "component[0].quota.floor must be below target = 1.1 by 0.001, received 1.1. Between floor and target "
            "attainment goes from 0 to 1: lower retention would pay more."
        ),
    ),
    "an amount beside a target": (
        NRR.replace("target = 1.1", "target = 1.1, amount = 5"),
        "component[0].quota.amount must be absent, received 5.0. A target quota takes 'target' only.",
    ),
    "crediting of what is not renewals": (
        NRR + "crediting = { late_multiplier = 0.5 }\n",
        "component[0].crediting must be absent, received 'a table'. Only renewal_bookings has one.",
    ),
    "a target for what has none": (
        NRR.replace('measure = "nrr"\n', ""),
        (
            "component[0].quota.kind must be 'fixed' or 'person' or 'retention', received 'target'. "
            "So is renewal_bookings asked."
        ),
    ),
    "a date the measure does not read": (
        NRR.replace('"nrr"\nquota', '"grr"\nquota').replace("1.1", "0.9") + 'dates = { expansion = "due" }\n',
        "component[0].dates.expansion must be absent, received 'due'. grr does not read it.",
    ),
    "team attainment of nothing": (
        NRR.replace('measure = "nrr"', 'measure = "team_attainment"'),
        "component[0].team_measure must be present, received nothing. It belongs to team_attainment.",
    ),
    "a near measure": (
        NRR.replace('measure = "nrr"', 'measure = "expansion_booking"'),
        None,
    ),
    "a commission with a weight": (
        SPIFF + "weight = 0.5\ncommission = { rate = 0.1 }\n",
        "component[0].weight must be absent, received 0.5. Only a bonus is a share of the target bonus.",
    ),
    "a commission without rates": (
        SPIFF,
        "component[0].commission must be present, received nothing. A commission needs its rates.",
    ),
    "a commission in two ways": (
        SPIFF + "commission = { rate = 0.1, per_event = 5 }\n",
        "component[0].commission must be one of rate, tier and per_event, received 'both rate and per_event'.",
    ),
    "a commission on a share": (
        SPIFF + 'measure = "nrr"\nquota = { kind = "target", target = 1.1 }\ncommission = { rate = 0.1 }\n',
        "component[0].measure must be a measure in dollars or events, received 'nrr'. A commission pays for those.",
    ),
    "an amount per dollar": (
        SPIFF + "commission = { per_event = 5 }\n",
        (
            "component[0].commission must be rates that fit the measure, received 'renewal_bookings'. "
            "A measure that counts events pays per_event, one in dollars a rate."
        ),
    ),
    "tiers that do not start": (
        SPIFF + "commission = { tier = [{ start = 0.5, rate = 0.1 }] }\n",
        "component[0].commission.tier must be tiers with strictly ascending start, the first of them 0, received [0.5].",
    ),
    "a bonus without weight": (
        NRR.replace("weight = 0.5", "weight = 0"),
        "component[0].weight must be at least 0.001, received 0.0. A bonus pays a part of the target bonus.",
    ),
    "weights": (NRR, "component must be components whose weights sum to 1, received 1.5."),
    "two of a name": (
        SPIFF.replace("spiff", "renewals") + "commission = { rate = 0.1 }\n",
        "component must be components of different names, received 'renewals'. Name each of them.",
    ),
    "the name of a top-up": (
        SPIFF.replace("spiff", "draw") + "commission = { rate = 0.1 }\n",
        "component must be components of other names, received 'draw'. That is what a top-up is called.",
    ),
    "two credit dates": (
        SPIFF + 'commission = { rate = 0.1 }\ncrediting = { date = "cash" }\n',
        "component must be renewal components with the same crediting.date, received ['booking', 'cash'].",
    ),
    "a gate on nothing": (
        '\n[[gate]]\nrequires = "renewal"\nattainment = 0.9\n',
        (
            "gate[0].requires must be the name of a component, one of ['renewals'], received 'renewal'. "
            "Did you mean 'renewals'?"
        ),
    ),
    "a cap without a number": ("\n[[cap]]\n", "cap[0] must be one of multiple and usd, received nothing."),
    "a cap on a commission as a multiple": (
        SPIFF + 'commission = { rate = 0.1 }\n[[cap]]\ncomponent = "spiff"\nmultiple = 2.0\n',
        "cap[0].multiple must be absent, received 2.0. There is no target bonus; give usd.",
    ),
    "a draw in two ways": (
        "\n[draw]\nusd = 1\nshare = 1\n",
        "draw must be one of usd and share, received 'both'.",
    ),
    "a draw recovered and forgiven": (
        "\n[draw]\nusd = 1\n[carry]\nnegative = false\n",
        "carry.negative must be true beside a recoverable draw, received false. Make one of them different.",
    ),
    "a modifier with a gap": (
        '\n[[modifier]]\nby = "renewals"\ncurve = [{ attainment = "[0, 1)" }]\n',
        (
            "modifier[0].curve must be intervals that cover [0, inf) without gap or overlap, in ascending order, "
            "received ['[0, 1)']. The last, [0, 1), must end with 'inf)'."
        ),
    ),
    "a ramp of nothing": (
        "\n[ramp]\nquota = []\n",
        "ramp.quota must be at least 1 item long, received 0 items.",
    ),
    "a clawback of no events": (
        "\n[[clawback]]\nperiods = 1\nevents = []\n",
        "clawback[0].events must be at least 1 item long, received 0 items.",
    ),
    "no component": (None, "component must be at least 1 item long, received 0 items."),
    "bonus without a target": (
        "salary",
        "pay must be either target_bonus, or ote with pay_mix, received a table.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_one_mistake_gives_one_sentence(broken, case):
    added, said = CASES[case]
    if case == "no component":
        got = broken("plan.toml", None, 'name = "p"\npay = { target_bonus = 1 }\ncomponent = []\n')
    elif added == "salary":
        got = broken("plan.toml", "target_bonus = 20_000", "base_salary = 1")
    else:
        got = broken("plan.toml", FIRST, added.lstrip("\n") + FIRST)
    if said is None:
        assert got[0].endswith("received 'expansion_booking'. Did you mean 'expansion_bookings'?")
        assert len(got) == 1
    else:
        assert got == [f"plan.toml: {said}"]
