"""Broken plan files, and what is said about each, word for word."""

import pytest

from sim.plan.component import Component

QUOTA = "component[0].quota"
CREDITING = "component[0].crediting"
CURVE = "component[0].curve must be intervals that cover [0, inf) without gap or overlap, in ascending order, received "
INTERVAL = "an interval such as '[0.90, 1.00)' or '(1.15, inf)', left end below right end"
WINDOW = "late_window_days = 180"

CASES = {
    "negative": ("amount = 600_000", "amount = -1", f"{QUOTA}.amount must be at least 0.01, received -1."),
    "nan": ("amount = 600_000", "amount = nan", f"{QUOTA}.amount must be a finite number, received nan."),
    "infinite": (
        "amount = 600_000",
        "amount = inf",
        f"{QUOTA}.amount must be a finite number, received inf.",
    ),
    "too large": (
        "amount = 600_000",
        "amount = 1e15",
        f"{QUOTA}.amount must be at most 1,000,000,000,000, received 1000000000000000.0.",
    ),
    "text for a number": (
        "amount = 600_000",
        'amount = "600k"',
        f"{QUOTA}.amount must be a number, received '600k'.",
    ),
    "quoted number": (
        "amount = 600_000",
        'amount = "600000"',
        f"{QUOTA}.amount must be a number, received '600000'. Write it without quotes.",
    ),
    "truth for a number": (
        "amount = 600_000",
        "amount = true",
        f"{QUOTA}.amount must be a number, received true.",
    ),
    "two quotas": (
        "amount = 600_000",
        "amount = 600_000\nrate = 0.9",
        f"{QUOTA}.rate must be absent, received 0.9. A fixed quota takes 'amount' only.",
    ),
    "no amount": (
        "amount = 600_000",
        "",
        f"{QUOTA}.amount must be present, received nothing. A fixed quota needs 'amount'.",
    ),
    "near choice": (
        '"fixed"',
        '"fxied"',
        (
            f"{QUOTA}.kind must be 'fixed', 'person', 'retention', 'opening', 'target' or 'none', received 'fxied'. "
            "Did you mean 'fixed'?"
        ),
    ),
    "unknown key": (
        "early_out_of_due",
        "early_out_of_deu",
        (
            "component[0].quota_moves.early_out_of_deu must be one of ['carry', 'early_into_booked', "
            "'early_out_of_due', 'floor', 'late_into_booked', 'late_out_of_due'], received 'early_out_of_deu'. "
            "Did you mean 'early_out_of_due'?"
        ),
    ),
    "unknown table": (
        "[component.crediting]",
        "[component.credting]",
        (
            f"component[0].credting must be one of {sorted(Component.model_fields)}, "
            "received 'credting'. Did you mean 'crediting'?"
        ),
    ),
    "unknown key without a near match": (
        "[pay]",
        "[pay]\ncommission = 0.1",
        (
            "pay.commission must be one of ['as_of', 'base_salary', 'level', 'market', 'ote', 'pay_mix', "
            "'target_bonus', 'targets'], received 'commission'. Remove it or correct the name."
        ),
    ),
    "two ways of pay": (
        "target_bonus = 20_000",
        "target_bonus = 20_000\note = 100_000",
        "pay.ote must be absent beside target_bonus, received 100000.0. Keep one of the two.",
    ),
    "pay mix in percent": (
        "target_bonus = 20_000",
        "ote = 100_000\npay_mix = 20",
        "pay.pay_mix must be at most 1, received 20. A share: 20 % is 0.2, and 1 is 100 %.",
    ),
    "no pay": ("[pay]\ntarget_bonus = 20_000", "", "pay must be present, received nothing. Add 'pay'."),
    "name of the wrong type": ('name = "plain"', "name = 3", "name must be a string, received 3."),
    "empty name": ('name = "plain"', 'name = ""', "name must be at least 1 character long, received ''."),
    "name with a line break": (
        'name = "plain"',
        r'name = "a\nb"',
        r"name must be printable text in one line, without spaces at its ends, received 'a\nb'.",
    ),
    "gap": (
        '"[0.9, inf)"',
        '"[0.95, inf)"',
        f"{CURVE}['[0, 0.9)', '[0.95, inf)']. There is a gap between [0, 0.9) and [0.95, inf).",
    ),
    "overlap": (
        '"[0.9, inf)"',
        '"[0.8, inf)"',
        f"{CURVE}['[0, 0.9)', '[0.8, inf)']. [0, 0.9) and [0.8, inf) overlap.",
    ),
    "curve that ends": (
        '"[0.9, inf)"',
        '"[0.9, 2.0)"',
        f"{CURVE}['[0, 0.9)', '[0.9, 2.0)']. The last, [0.9, 2), must end with 'inf)'.",
    ),
    "no interval": (
        '"[0.9, inf)"',
        '"0.9 to inf"',
        f"component[0].curve[1].attainment must be {INTERVAL}, received '0.9 to inf'.",
    ),
    "interval with nan": (
        '"[0.9, inf)"',
        '"[0.9, nan)"',
        f"component[0].curve[1].attainment must be {INTERVAL}, received '[0.9, nan)'.",
    ),
    "bands out of order": (
        "through_day = 90",
        "through_day = 30",
        (
            f"{CREDITING}.early_bands must be one or more bands with strictly ascending through_day, "
            "received [30, 30]."
        ),
    ),
    "half a day": (
        "through_day = 90",
        "through_day = 30.5",
        f"{CREDITING}.early_bands[1].through_day must be a whole number, received 30.5.",
    ),
    "band of a century": (
        "through_day = 90",
        "through_day = 36_500",
        f"{CREDITING}.early_bands[1].through_day must be at most 3,660, received 36500.",
    ),
    "band past the window": (
        WINDOW,
        "late_bands = [{ through_day = 365, multiplier = 0.5 }]",
        (
            f"{CREDITING}.late_bands must be bands within late_window_days = 180, received 365. "
            "Bookings after the window are not counted: shorten the last band or lengthen the window."
        ),
    ),
    "near choice of the cap base": (
        WINDOW,
        'early_cap = 0.5\nearly_cap_base = "ajusted"',
        (
            f"{CREDITING}.early_cap_base must be 'original' or 'adjusted', received 'ajusted'. "
            "Did you mean 'adjusted'?"
        ),
    ),
    "negative multiplier": (
        WINDOW,
        "late_multiplier = -0.5",
        f"{CREDITING}.late_multiplier must be at least 0, received -0.5.",
    ),
    "weights": (
        'measure = "renewal_bookings"',
        "weight = 0.5",
        "component must be components whose weights sum to 1, received 0.5.",
    ),
    "table for an array": ("[[component]]", "[component]", "component must be an array, received a table."),
}
WHOLE = {
    "per cent": (
        (WINDOW, "early_cap = 50%"),
        (
            " must be valid TOML, received a syntax error. "
            "Expected newline or end of document after a statement (at line 17, column 15)."
        ),
    ),
    "half a line": (
        (None, "name = "),
        " must be valid TOML, received a syntax error. Invalid value (at end of document).",
    ),
    "twice": (
        (None, 'name = "a"\nname = "b"'),
        " must be valid TOML, received a syntax error. Cannot overwrite a value (at end of document).",
    ),
    "not UTF-8": (
        (None, b'name = "Jos\xe9"'),
        " must be UTF-8 text, received byte 0xe9 at position 11. Save it again as UTF-8.",
    ),
    "deep": ((None, "x = " + "[" * 5000), " must be valid TOML, received tables nested too deeply."),
    "long integer": (
        (None, "x = " + "9" * 5000),
        (
            " must be valid TOML, received a syntax error. Exceeds the limit (4300 digits) for integer string "
            "conversion: value has 5000 digits; use sys.set_int_max_str_digits() to increase the limit."
        ),
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), CASES.values(), ids=CASES)
def test_one_mistake_gives_one_sentence(broken, old, new, said):
    assert broken("plan.toml", old, new) == [f"plan.toml: {said}"]


@pytest.mark.parametrize(("edit", "said"), WHOLE.values(), ids=WHOLE)
def test_what_is_not_toml(broken, edit, said):
    assert broken("plan.toml", *edit) == [f"plan.toml{said}"]


def test_an_empty_file_is_asked_for_everything(broken):
    assert broken("plan.toml", None, "") == [
        f"plan.toml: {key} must be present, received nothing. Add {key!r}."
        for key in ("name", "pay", "component")
    ]


def test_mistakes_come_together(broken):
    assert broken("plan.toml", "[pay]\ntarget_bonus = 20_000", "[pays]\ntarget_bonus = -1") == [
        "plan.toml: pay must be present, received nothing. Add 'pay'.",
        (
            "plan.toml: pays must be one of ['about', 'cap', 'carry', 'clawback', 'component', 'draw', 'gate', "
            "'grace', 'guarantee', 'holdback', 'modifier', 'name', 'pay', 'ramp', 'seat', 'title'], received 'pays'. "
            "Did you mean 'pay'?"
        ),
    ]
