"""A valid file of each kind, small enough to break in one place, and the commands that read it."""

PLAN = """\
name = "plain"
title = "A plain plan"

[pay]
target_bonus = 20_000

[[component]]
name = "renewals"
measure = "renewal_bookings"

[component.quota]
kind = "fixed"
amount = 600_000

[component.crediting]
early_bands = [{ through_day = 30, multiplier = 1.0 }, { through_day = 90, multiplier = 1.25 }]
late_window_days = 180

[component.quota_moves]
early_out_of_due = 1.0

[[component.curve]]
attainment = "[0, 0.9)"
pays = 0.0

[[component.curve]]
attainment = "[0.9, inf)"
pays = 0.9
slope = 1.0
"""

SCENARIO = """\
name = "small"
start = 2026-01-01
periods = 2

[book]
file = "book.csv"

[employer]
on_cost = 0.08

[billing]
invoice_days = 0
payment_days = 30

[market]
persistence = 0.7

[dependence]
market = 0.1
skill = 0.05
health = 0.3
health_persistence = 0.7
timing = 0.3
amount = 0.3
expansion = 0.3

[[segment]]
name = "smb"
renewed_term_months = { "12" = 0.8, "36" = 0.2 }
churn = { probability = 0.1 }
contraction = { probability = 0.1, size = { low = 0.1, high = 0.5 } }
uplift = { probability = 0.5, size = { mean = 0.05, sigma = 0.5 } }
expansion = { events_per_year = 0.4, size = { mean = 0.3, sigma = 0.6 } }
win_back = [{ days = [181, 365], probability = 0.02 }]
grace_days = 30

[[segment.lag]]
days = [-90, 0]
share = 0.8

[[segment.lag]]
days = [1, 90]
share = 0.2
"""

BOOK = """\
csm,account,segment,arr,due_date,term_months
Ann,a,smb,12000,2026-03-31,12
Ann,b,smb,36000,2026-05-15,24
Bo,c,smb,5000.50,2026-06-30,12
"""

STUDY = """\
name = "try"
seed = 1
worlds = 64
scenario = "scenario.toml"
plans = ["plan.toml"]
baseline = "plain"
budget = 1_000_000
"""

DEALS = """\
csm,account,arr,due_date,booked_date,booked_arr
Ann,a,12000,2026-03-31,2026-03-20,12500
Ann,b,36000,2026-05-15,,
Bo,c,5000.50,2026-06-30,2026-07-12,5000.50
"""

VALID = {
    "plan.toml": PLAN,
    "scenario.toml": SCENARIO,
    "study.toml": STUDY,
    "book.csv": BOOK,
    "deals.csv": DEALS,
}
RUN = ("run", "study.toml", "--threads", "1", "--out", "out")
REPLAY = ("replay", "deals.csv", "--plan", "plan.toml", "--start", "2026-01-01", "--periods", "2")
EXPLAIN = ("explain", "study.toml", "--plan", "plain", "--world", "1", "--csm", "Ann")
COMMANDS = {
    "plan.toml": (REPLAY, RUN),
    "scenario.toml": (RUN, EXPLAIN),
    "study.toml": (RUN,),
    "book.csv": (RUN,),
    "deals.csv": (REPLAY,),
}
