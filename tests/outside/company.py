"""The rich small scenario of the outside simulator, as text: the product and the simulator each read it for themselves."""

SCENARIO = """
name = "orchard"
start = 2026-01-01
periods = 8
{book}
[employer]
on_cost = 0.11

[team]
turnover_per_year = 0.3
vacancy_days = 70
cover = 0.4

[market]
persistence = 0.6

[dependence]
market = 0.12
skill = 0.10
health = 0.25
health_persistence = 0.6
timing = 0.4
amount = 0.35
expansion = 0.4

[[segment]]
name = "large"
{large}
renewed_term_months = {{ "12" = 0.7, "24" = 0.3 }}
churn = {{ probability = 0.10, by_term = {{ "24" = 0.07 }}, dispersion = 0.08 }}
contraction = {{ probability = 0.12, size = {{ low = 0.1, high = 0.45 }} }}
uplift = {{ probability = 0.6, size = {{ mean = 0.06, sigma = 0.5 }} }}
expansion = {{ events_per_year = 0.9, size = {{ mean = 0.14, sigma = 0.5 }} }}
win_back = [{{ days = [20, 80], probability = 0.08 }}, {{ days = [190, 330], probability = 0.06 }}]
grace_days = 25
back_dated = 0.2

[[segment.lag]]
days = [-150, -61]
share = 0.10
[[segment.lag]]
days = [-60, -16]
share = 0.22
[[segment.lag]]
days = [-15, 0]
share = 0.38
[[segment.lag]]
days = [1, 35]
share = 0.17
[[segment.lag]]
days = [36, 110]
share = 0.09
[[segment.lag]]
days = [111, 200]
share = 0.04

[[segment]]
name = "small"
{small}
renewed_term_months = {{ "12" = 0.85, "24" = 0.15 }}
churn = {{ probability = 0.24, by_term = {{ "24" = 0.18 }}, dispersion = 0.15 }}
contraction = {{ probability = 0.10, size = {{ low = 0.1, high = 0.5 }} }}
uplift = {{ probability = 0.5, size = {{ mean = 0.04, sigma = 0.4 }} }}
expansion = {{ events_per_year = 0.6, size = {{ mean = 0.2, sigma = 0.6 }} }}
win_back = [{{ days = [15, 100], probability = 0.05 }}]
grace_days = 40
back_dated = 0.1
new_accounts = {{ per_year = 4.0, arr = {{ mean = 18_000, sigma = 0.5 }} }}

[[segment.lag]]
days = [-75, -21]
share = 0.18
[[segment.lag]]
days = [-20, 0]
share = 0.60
[[segment.lag]]
days = [1, 40]
share = 0.16
[[segment.lag]]
days = [41, 120]
share = 0.06
"""

LARGE = """csms = 2
arr = { mean = 120_000, sigma = 0.6, accounts = 14 }
term_months = { "12" = 0.75, "24" = 0.25 }
due = { quarter_weights = [0.2, 0.25, 0.2, 0.35], last_month_share = 0.5 }"""
SMALL = """csms = 3
arr = { mean = 22_000, sigma = 0.7, accounts = 28 }
term_months = { "12" = 0.9, "24" = 0.1 }
due = { quarter_weights = [0.25, 0.25, 0.25, 0.25], last_month_share = 0.4 }"""
DRAWN = SCENARIO.format(book="", large=LARGE, small=SMALL)
READ = SCENARIO.format(
    book='[book]\nfile = "book.csv"\n',
    large='term_months = { "12" = 1.0 }',
    small='term_months = { "12" = 1.0 }',
)

HEAD = "csm,account,segment,arr,due_date,term_months,churn_probability,skill,health"


def book_file():
    """A CRM export: three CSMs, accounts past due among them, odds of loss, skill and health given for some."""
    rows = [HEAD]
    for csm, segment, accounts, arr, skill in (
        ("Ada", "large", 14, 61_000, 0.9),
        ("Bea", "large", 12, 48_000, ""),
        ("Cyd", "small", 26, 9_000, -0.7),
    ):
        for k in range(accounts):
            month = (k * 5) % 14 - 2  # of 2026; from three months before it on, past due
            due = f"{2026 + month // 12}-{month % 12 + 1:02d}-{4 + (k * 7) % 23:02d}"
            term = 24 if k % 5 == 4 else 12
            odds = ("", "", "0.05", "0.3")[k % 4]
            health = "-0.8" if k % 6 == 1 else ""
            rows.append(
                f"{csm},{csm}-{k},{segment},{arr + 7_500 * (k % 7)},{due},{term},{odds},{skill},{health}"
            )
    return "\n".join(rows) + "\n"


BONUS, SALARY = 9_000.0, 84_000.0
LINE = ((0.0, 0.0, 1.0),)
STEPS = ((0.0, 0.0, 0.0), (0.5, 0.4, 1.2), (1.0, 1.0, 2.0), (1.4, 1.8, 0.0))
LEVEL = ((0.0, 0.0, 1.0), (1.5, 1.5, 0.0))

PLANS = {
    "line": {
        "parts": [{"measure": "renewal_bookings", "weight": 1.0, "curve": LINE, "amount": 170_000.0}],
    },
    "bands": {
        "parts": [
            {
                "measure": "renewal_bookings",
                "weight": 1.0,
                "curve": STEPS,
                "rate": 0.9,
                "early_multiplier": 1.15,
                "early_cap": 0.3,
                "late_bands": ((30, 0.75), (90, 0.5), (150, 0.25)),
                "late_window": 160,
                "early_out_of_due": 0.6,
                "late_into_booked": 0.5,
                "floor": 0.4,
            }
        ],
    },
    "due": {
        "parts": [
            {
                "measure": "renewal_bookings",
                "weight": 1.0,
                "curve": STEPS,
                "rate": 0.85,
                "date": "due",
                "early_multiplier": 1.05,
                "late_multiplier": 0.6,
            }
        ],
    },
    "gross": {
        "parts": [
            {"measure": "grr", "weight": 1.0, "curve": LEVEL, "at_zero": 0.85, "target": 0.97, "months": 3}
        ]
    },
    "kept": {
        "parts": [
            {"measure": "grr", "weight": 0.4, "curve": LEVEL, "at_zero": 0.6, "target": 0.9, "months": 12},
            {"measure": "nrr", "weight": 0.4, "curve": LEVEL, "at_zero": 0.9, "target": 1.03, "months": 6},
            {
                "measure": "logo_retention",
                "weight": 0.2,
                "curve": LEVEL,
                "at_zero": 0.7,
                "target": 0.95,
                "months": 6,
            },
        ]
    },
    "spiff": {
        "parts": [
            {"measure": "nrr", "weight": 1.0, "curve": LEVEL, "at_zero": 0.9, "target": 1.02, "months": 3},
            {"measure": "expansion_count", "per_event": 350.0},
            {"measure": "multi_year_count", "event": "longer", "per_event": 600.0},
        ]
    },
}
for _plan in PLANS.values():
    _plan["target"], _plan["salary"] = BONUS, SALARY


def plan_file(name):
    """The plan as the product reads it."""
    plan = PLANS[name]
    lines = [
        f'name = "{name}"',
        "[pay]",
        f"target_bonus = {plan['target']}",
        f"base_salary = {plan['salary']}",
    ]
    for k, part in enumerate(plan["parts"]):
        lines += ["[[component]]", f'name = "{part["measure"]}-{k}"', f'measure = "{part["measure"]}"']
        if "per_event" in part:
            lines += ['pay_kind = "commission"', f"commission = {{ per_event = {part['per_event']} }}"]
            continue
        lines += [f"weight = {part['weight']}", *_quota(part), *_rules(part)]
        for index, (start, pays, slope) in enumerate(part["curve"]):
            end = part["curve"][index + 1][0] if index + 1 < len(part["curve"]) else "inf"
            lines += [
                "[[component.curve]]",
                f'attainment = "[{start}, {end})"',
                f"pays = {pays}",
                f"slope = {slope}",
            ]
    return "\n".join(lines) + "\n"


def _quota(part):
    if "amount" in part:
        return [f'quota = {{ kind = "fixed", amount = {part["amount"]} }}']
    if "rate" in part:
        return [f'quota = {{ kind = "retention", rate = {part["rate"]} }}']
    window = {3: "period", 6: "trailing_half_year", 12: "trailing_year"}[part["months"]]
    quota = f'quota = {{ kind = "target", target = {part["target"]}, floor = {part["at_zero"]} }}'
    return [quota, f'measurement = "{window}"']


def _rules(part):
    crediting = [
        f"{key} = {part[key]}" for key in ("early_multiplier", "early_cap", "late_multiplier") if key in part
    ]
    if "date" in part:
        crediting.append(f'date = "{part["date"]}"')
    if "late_bands" in part:
        bands = [
            f"{{ through_day = {through}, multiplier = {pays} }}" for through, pays in part["late_bands"]
        ]
        crediting += [f"late_bands = [{', '.join(bands)}]", f"late_window_days = {part['late_window']}"]
    moves = [
        f"{key} = {part[key]}" for key in ("early_out_of_due", "late_into_booked", "floor") if key in part
    ]
    tables = (("crediting", crediting), ("quota_moves", moves))
    return [f"{table} = {{ {', '.join(keys)} }}" for table, keys in tables if keys]
