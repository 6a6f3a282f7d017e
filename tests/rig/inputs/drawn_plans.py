"""Random plans of the whole language, and random activity of a book, for Hypothesis."""

from datetime import date

import numpy as np
from hypothesis import strategies as st

from sim.calendar import Calendar
from sim.files.toml import check
from sim.plan.measures import MEASURES
from sim.plan.plan import Plan
from sim.records import Agreed, OwnPay, OwnQuota
from tests.rig.inputs.activity import KPIS, NUMBERS, activity_of
from tests.rig.inputs.drawn_deals import CURVES, creditings

DEALS = ("deal_bookings", "deal_count")
DOLLARS = ("expansion_bookings", "uplift_bookings", "growth_bookings", "multi_year_bookings", "net_growth")
COUNTS = ("renewal_count", "expansion_count", "multi_year_count", "win_back_count")
SHARES = ("grr", "nrr", "logo_retention", "company_arr_growth", "team_attainment")
MEASUREMENTS = ("period", "half_year_to_date", "year_to_date", "trailing_half_year", "trailing_year")
PAID = ("every_period", "quarterly", "half_yearly", "annually")
NAMES = ("one", "two", "three")
curves = st.sampled_from(CURVES).map(
    lambda pieces: tuple({"attainment": each, "pays": pays, "slope": slope} for each, pays, slope in pieces)
)
calendars = st.builds(
    Calendar,
    st.just(date(2026, 1, 1)),
    periods=st.integers(1, 6),
    lead=st.integers(0, 1),
    tail=st.integers(0, 1),
    months_per_period=st.sampled_from([1, 3, 6, 6]),
)


def some(value):
    return st.one_of(st.none(), value)


@st.composite
def targets(draw, measure):
    floor = draw(st.sampled_from([0.0, 0.5, 0.9]))
    above = (
        1.0 if measure in ("grr", "logo_retention", "team_attainment") else 1.25
    )  # no more than all is kept
    return {"kind": "target", "floor": floor, "target": draw(st.sampled_from([0.95, 1.0, above]))}


@st.composite
def components(draw, name, weight):
    measure = draw(st.sampled_from(["renewal_bookings", *DOLLARS, *COUNTS, *DEALS, *SHARES, *KPIS, "kpi"]))
    component = {
        "name": name,
        "weight": weight,
        "measure": measure,
        "measurement": draw(st.sampled_from(MEASUREMENTS)),
        "paid": draw(st.sampled_from(PAID)),
    }
    if measure == "renewal_bookings":
        rate = {"kind": "retention", "rate": 0.9}
        component["quota"] = draw(st.sampled_from([*in_dollars(300.0), rate, rate | {"ratchet": 0.5}]))
        component["crediting"] = draw(creditings()) | {"date": "booking"}
        component["quota_moves"] = {"early_out_of_due": draw(st.sampled_from([0.0, 1.0]))}
    elif measure in DOLLARS:
        component["quota"] = draw(st.sampled_from([*in_dollars(40.0), {"kind": "opening", "rate": 0.05}]))
    elif measure in DEALS:
        component |= draw(deal_classes(measure, weight == 0.0))
        component["quota"] = {"kind": "fixed", "amount": 90.0 if measure == "deal_bookings" else 3.0}
    elif measure in COUNTS:
        component["quota"] = draw(st.sampled_from(in_dollars(3.0)))
    else:
        component["quota"] = draw(targets(measure))
    asked = component["quota"]
    if component["measurement"] == "year_to_date" and asked["kind"] in ("fixed", "person", "opening"):
        component["quota"] = asked | {"over": draw(st.sampled_from(["period", "year"]))}
    if measure in ("nrr", "team_attainment", "net_growth"):
        component["dates"] = draw(event_dates())
    if measure == "team_attainment":
        component["team_measure"] = draw(st.sampled_from(["grr", "nrr", "logo_retention", "arr_growth"]))
    if MEASURES[component.get("team_measure") or measure].kept is not None:
        late, days = draw(st.sampled_from(["kept", "lost"])), draw(st.sampled_from([90, 180]))
        component["retention"] = {"late": late, "late_window_days": days}
    if measure == "kpi":
        component["kpi"] = "csat"
    elif measure not in KPIS:
        component["nothing_due"] = draw(st.sampled_from(["target", "zero", "skip"]))
    if weight == 0.0:
        return component | draw(payless(measure, component.get("deals", ())))
    return component | {"curve": draw(curves)}


def in_dollars(amount):
    """Quotas in usd or events: level, by season, and as agreed with a person, level and by season."""
    halves, quarters = (amount, 3 * amount), (0.0, 0.25, 0.25, 0.5)
    person = {"kind": "person"}
    seasons = {"kind": "fixed", "amounts": halves}, person, person | {"seasonality": quarters}
    return ({"kind": "fixed", "amount": amount}, *seasons)


@st.composite
def agreements(draw, calendar, book=None):
    """Targets and quotas of a person's own; ``book``: dates say who is there when, as its seats have it."""

    def series(low, high, step):
        return np.array([step * draw(st.integers(low, high)) for _ in range(calendar.reach)])

    plans = series(0, 2, 0.5)
    target = OwnPay((1.0 - plans) * series(1, 9, 5.0), plans)
    names = draw(st.sampled_from([("",), ("", "one")]))
    quota = {name: OwnQuota(series(0, 3, 25.0), series(0, 3, 100.0)) for name in names}
    present = None
    if book is not None:
        inside = slice(calendar.lead, calendar.lead + calendar.periods)
        present = np.ones(calendar.reach)
        present[inside] = book.seat[:, 0]
    return Agreed(target, OwnPay(0.0 * plans, 0.0 * plans + 1.0), quota, present)


TYPES = ("new", "renewal", "uplift", "expansion", "won_back", "contraction", "churn", "credit")


@st.composite
def deal_classes(draw, measure, may_pay):
    """Classes of one or two sides of an edge of terms and of sizes; with rates of their own where nothing else pays."""
    gains = st.sampled_from([("renewal",), ("uplift", "expansion"), ("new", "won_back")])
    types = draw(gains if measure == "deal_count" else st.one_of(gains, st.just(TYPES)))
    term = draw(st.sampled_from([(None,), ("[0, 24)", "[24, inf)"), ("(6, 12]",)]))
    size = draw(st.sampled_from([(None,), ("[0, 50)", "[50, inf)"), ("(20, 50]", "(50, 70]")]))
    rows = [{"term_months": months, "size": usd} for months in term for usd in size]
    pays = may_pay and draw(st.booleans())
    key = "rate" if measure == "deal_bookings" else "per_event"
    for place, row in enumerate(rows):
        row |= {"types": types, "multiplier": draw(st.sampled_from([1.0, 1.25, 0.5]))}
        row |= {key: (0.05, 0.1, 0.5, 0.25)[place]} if pays else {}
    found = {"deals": tuple({k: v for k, v in row.items() if v is not None} for row in rows)}
    if {"renewal", "uplift", "new"} & set(types) and draw(st.booleans()):
        found["dates"] = {"renewal": "cash"} if {"renewal", "uplift"} & set(types) else {"expansion": "cash"}
    return found


@st.composite
def written_deals(draw, periods):
    """Deals of every type, placed the same by all dates or by some alone."""
    place = st.integers(0, periods - 1)
    when = st.one_of(
        place, st.builds(lambda one, other: {"due": one, "booking": one, "cash": other}, place, place)
    )
    found = []
    for _ in range(draw(st.integers(0, 6))):
        type_ = draw(st.sampled_from(TYPES))
        size = float(draw(st.sampled_from([10, 20, 50, 70, 80])))
        arr = (
            -size if type_ in ("contraction", "churn", "credit") else size * draw(st.sampled_from([0.5, 1.0]))
        )
        found.append((type_, draw(when), draw(st.sampled_from([3, 6, 12, 24, 36])), size, arr))
    return found


@st.composite
def event_dates(draw):
    return {
        "renewal": draw(st.sampled_from(["due", "booking"])),
        "contraction": draw(st.sampled_from(["due", "booking", "notice"])),
        "churn": draw(st.sampled_from(["due", "notice"])),
    }


@st.composite
def payless(draw, measure, rows=()):
    """A commission where the measure allows one, else nothing."""
    if any({"rate", "per_event"} & set(row) for row in rows):
        return {"pay_kind": "commission"}
    if measure in (*COUNTS, "deal_count"):
        tiered = draw(tiers("per_event", (5.0, 2.0, 8.0), {"attainment": (0.5, 1.0), "count": (2.0, 7.0)}))
        return {"pay_kind": "commission", "commission": draw(st.sampled_from([{"per_event": 5.0}, tiered]))}
    if measure not in (*DOLLARS, "deal_bookings", "renewal_bookings"):
        return {"pay_kind": "none"}
    edges = {"attainment": (0.75, 1.5), "dollars": (50.0, 100.0)}
    tiered = draw(tiers("rate", (0.02, 0.1, 0.05), edges))
    return {"pay_kind": "commission", "commission": draw(st.sampled_from([{"rate": 0.1}, tiered]))}


@st.composite
def tiers(draw, key, amounts, edges):
    """Three tiers by start, or by intervals closed on either side; each marginal, retroactive, or as all of them."""
    by = draw(st.sampled_from(sorted(edges)))
    low, high = edges[by]
    places = [{"start": 0.0}, {"start": low}, {"start": high}]
    if draw(st.booleans()):
        at_low, at_high = (draw(st.sampled_from([")[", "]("])) for _ in range(2))
        intervals = (
            f"[0, {low}{at_low[0]}",
            f"{at_low[1]}{low}, {high}{at_high[0]}",
            f"{at_high[1]}{high}, inf)",
        )
        places = [{"interval": each} for each in intervals]
    pays = [draw(st.sampled_from([{}, {"pays": "marginal"}, {"pays": "retroactive"}])) for _ in range(3)]
    rows = tuple(
        place | how | {key: amount} for place, how, amount in zip(places, pays, amounts, strict=True)
    )
    return {"tier": rows, "tiers_by": by, "tiers_pay": draw(st.sampled_from(["marginal", "retroactive"]))}


@st.composite
def rules(draw, names, bonus):
    name, among = some(st.sampled_from(names)), st.sampled_from(names)
    caps = st.builds(
        lambda of, usd, over: {"component": of, "usd": usd, "over": over},
        name,
        st.sampled_from([5.0, 20.0]),
        st.sampled_from(["period", "year"]),
    )
    relative = st.builds(
        lambda of, multiple: {"component": of, "multiple": multiple, "over": "year"},
        st.sampled_from([None, *bonus]),
        st.sampled_from([0.5, 1.0]),
    )
    gates = st.builds(
        lambda of, requires, level: {"component": of, "requires": requires, "attainment": level},
        name,
        among,
        st.sampled_from([0.5, 0.9, 1.0]),
    )
    modifiers = st.builds(
        lambda of, by, curve: {"component": of, "by": by, "curve": curve}, name, among, curves
    )
    clawbacks = st.builds(
        lambda of, periods, events, share: {
            "component": of,
            "periods": periods,
            "events": events,
            "share": share,
        },
        name,
        st.integers(1, 4),
        st.sampled_from([("churn",), ("churn", "contraction"), ("lapsed",)]),
        st.sampled_from([0.5, 1.0]),
    )
    found = {
        "modifier": draw(few(modifiers)),
        "gate": draw(few(gates)),
        "cap": draw(few(st.one_of(caps, relative))),
        "clawback": draw(few(clawbacks)),
        "seat": {"vacant": draw(st.sampled_from(["unpaid", "unpaid", "paid"]))},
        "ramp": draw(some(st.sampled_from([{"quota": (0.25,)}, {"quota": (0.25, 0.5, 1.0)}]))),
        "grace": draw(
            some(
                st.sampled_from(
                    [{"periods": 1}, {"periods": 2, "events": ("churn", "contraction", "lapsed")}]
                )
            )
        ),
        "guarantee": draw(
            some(st.sampled_from([{"share": 1.0, "periods": 1}, {"share": 0.5, "periods": 3}]))
        ),
        "draw": draw(some(draws())),
        "holdback": draw(
            some(st.sampled_from([{"share": 0.25, "periods": 2}, {"share": 1.0, "periods": 1}]))
        ),
    }
    if not (found["draw"] or {}).get("recoverable"):
        found["carry"] = {"negative": draw(st.sampled_from([False, False, True]))}
    return {key: value for key, value in found.items() if value is not None}


@st.composite
def draws(draw):
    amount = draw(st.sampled_from([{"usd": 4.0}, {"share": 0.5}]))
    return amount | {"recoverable": draw(st.booleans()), "periods": draw(some(st.integers(1, 2)))}


def few(each):
    return st.lists(each, max_size=2).map(tuple)


@st.composite
def plans(draw):
    weights = draw(st.sampled_from([(1.0,), (0.75, 0.25), (0.5, 0.0, 0.5), (1.0, 0.0)]))
    names = NAMES[: len(weights)]
    document = {
        "name": "p",
        "pay": {"target_bonus": 20.0, "targets": draw(st.sampled_from(["person", "person", "plan"]))},
        "component": tuple(draw(components(*each)) for each in zip(names, weights, strict=True)),
    }
    bonus = [name for name, weight in zip(names, weights, strict=True) if weight]
    return check(Plan, document | draw(rules(names, bonus)), "plan.toml")


@st.composite
def activities(draw, periods):
    def series(low, high, step=1.0):
        return [step * draw(st.integers(low, high)) for _ in range(periods)]

    flows = {
        "new": series(0, 50),
        "expansion": series(0, 80),
        "uplift_due": series(0, 30),
        "uplift_booking": series(0, 30),
        "contraction_due": series(0, 30),
        "contraction_booking": series(0, 30),
        "contraction_notice": series(0, 30),
        "churn_due": series(0, 60),
        "churn_notice": series(0, 60),
        "lapsed": series(0, 40),
        "won_back": series(0, 40),
    }
    return activity_of(
        series(0, 6, 100.0),
        kpi={name: series(0, 5, 0.25) for name in (*KPIS, "csat")},
        seat=series(0, 4, 0.25),
        tenure=series(1, 20, 0.25),
        multi_year=series(0, 90),
        deals=draw(written_deals(periods)),
        number={name: series(0, 6) for name in NUMBERS},
        **flows,
    )
