"""The valid files that are mutated."""

from tests.rig.repository import ROOT

SCENARIO = """\
name = "small"
start = 2026-01-01
periods = 4
[employer]
on_cost = 0.08
[team]
turnover_per_year = 0.5
[[segment]]
name = "smb"
csms = 1
arr = { accounts = 3, mean = 20000.0, sigma = 0.8 }
term_months = { "12" = 0.7, "3" = 0.3 }
churn = { probability = 0.1, dispersion = 0.1 }
contraction = { probability = 0.1, size = { low = 0.1, high = 0.5 } }
uplift = { probability = 0.5, size = { mean = 0.05, sigma = 0.5 } }
expansion = { events_per_year = 0.4, size = { mean = 0.3, sigma = 0.6 } }
win_back = [{ days = [181, 365], probability = 0.02 }]
new_accounts = { per_year = 1.0, arr = { mean = 9000.0, sigma = 0.5 } }
lag = [{ days = [-90, 0], share = 0.8 }, { days = [1, 90], share = 0.2 }]
movable = { ready_early = 0.5, holdable = 0.2 }
"""
BOOK_SCENARIO = """\
name = "listed"
start = 2026-01-01
periods = 2
book = { file = "book.csv" }
[[segment]]
name = "smb"
churn = { probability = 0.1 }
lag = [{ days = [-90, 0], share = 0.8 }, { days = [1, 90], share = 0.2 }]
"""
STUDY = """\
name = "try"
seed = 1
worlds = 4
scenario = "scenario.toml"
plans = ["plan.toml", "other.toml"]
baseline = "other"
budget = 100000.0
limits = { cost_p90 = 1.2, exposure = 0.2 }
gaming = { worlds = 8 }
forecast = { levels = [0.0, 1.0], level_worlds = 4, luck_worlds = 8, accrual_worlds = 4 }
"""
PLAIN_STUDY = "".join(
    line for line in STUDY.splitlines(keepends=True) if not line.startswith(("gaming", "forecast"))
)
"""Seven in eight scenarios, plans and books are run without the questions that take longest."""
OTHER = """\
name = "other"
[pay]
target_bonus = 20000
base_salary = 60000
[[component]]
quota = { kind = "retention", rate = 0.9 }
[[component.curve]]
attainment = "[0, inf)"
slope = 1.0
"""
TABLES = {
    "book.csv": "csm,account,segment,arr,due_date,term_months\nAnn,a,smb,12000,2026-03-31,12\n"
    "Ann,b,smb,36000,2026-05-15,24\nBo,c,smb,5000.50,2026-06-30,12\n",
    "deals.csv": "csm,account,arr,due_date,booked_date,booked_arr\nAnn,a,12500,2026-03-31,2026-03-20,13000\n"
    "Ann,b,36000,2026-05-15,,\nBo,c,5100.75,2026-06-30,2026-07-12,5100.75\n",
    "opening.csv": "csm,account,arr\nAnn,a,12000\nAnn,b,36000\nBo,c,5000.50\n",
    "expansions.csv": "csm,account,date,arr\nAnn,a,2026-02-01,500\nBo,c,2026-04-30,100.25\n",
    "kpis.csv": "csm,date,kpi,value\nAnn,2026-03-30,nps,40\nBo,2026-06-30,health,81.5\n",
    "export.csv": "Account Name,Owner,Prior ARR,Amount,Contract End,Close Date,Stage,Type\n"
    "Ash,Ann,12500,13000,3/31/2026,3/20/2026,Closed Won,Renewal\n"
    "Birch Inc.,Ann,36000,,5/15/2026,,Closed Lost,Renewal\n"
    "Cedar,Bo,5100.75,5100.75,6/30/2026,,Negotiation,Renewal\n"
    "Birch,Ann,,900,2/1/2026,2/13/2026,Closed Won,Upsell\n",
}
HISTORY = {
    "deals.csv": "csm,account,segment,arr,due_date,booked_date,booked_arr,term_months,notice_date\n"
    "Ann,a,smb,12500,2026-03-31,2026-03-20,13000,12,\nAnn,b,smb,36000,2026-05-15,,,24,2026-03-02\n"
    "Bo,c,smb,5100.75,2026-06-30,2026-07-12,5100.75,12,\n",
    "book.csv": "csm,account,segment,arr,due_date,term_months\nAnn,a,smb,12000,2026-03-31,12\n"
    "Ann,b,smb,36000,2026-05-15,24\nBo,c,smb,5000.50,2026-06-30,12\n",
    "events.csv": "csm,account,date,arr,kind\nAnn,a,2026-02-01,500,expansion\nBo,c,2026-04-30,100.25,expansion\n",
    "kpis.csv": "csm,date,kpi,value\nAnn,2026-03-30,nps,40\nBo,2026-06-30,health,81.5\n",
    "calendar.toml": "period_months = 3\n",
}
"""A folder from whose day on a forecast goes."""
PAST = HISTORY | {
    "deals.csv": HISTORY["deals.csv"].replace("Bo,c", "Cy,c"),
    "people.csv": "csm,from,until,role,target_bonus\nAnn,,,senior,8000\nBo,,2026-05-31,,12000\nCy,2026-06-01,,,9000\n",
    "transfers.csv": "account,from_csm,to_csm,date\nc,Bo,Cy,2026-06-01\n",
}
"""One in which people and accounts change hands, which is settled alone."""
DRAWS = {
    "segment.smb.churn.probability": [0.1, 0.12, 0.08, 0.2],
    "segment.smb.arr.sigma": [0.8, 0.7, 0.9, 0.8],
    "dependence.skill": [0.1, 0.2, 0.1, 0.0],
}
"""Joint draws of inputs of the scenario."""
DRAWS_LINE = '[uncertainty]\ndraws = "posterior.parquet"\n'
STRESS = """\
name = "mine"
title = "Mine"
why = "Losses come together."
source = "assumption"
[[change]]
input = "segment.smb.churn"
odds = 2.0
"""
MAP = """\
rows = "deals"
[columns]
account = "Account Name"
csm = "Owner"
arr = "Prior ARR"
booked_arr = "Amount"
due_date = "Contract End"
booked_date = "Close Date"
stage = "Stage"
type = "Type"
[dates]
"Contract End" = "month first"
"Close Date" = "month first"
[amounts]
decimal = "."
arr = "year"
booked_arr = "year"
[currency]
code = "USD"
[stages]
won = ["Closed Won"]
lost = ["Closed Lost"]
open = ["Negotiation"]
[types]
renewal = ["Renewal"]
expansion = ["Upsell"]
ignore = ["Services"]
[names]
merge = { "Birch Inc." = "Birch" }
"""
CALENDAR = """\
period_months = 3
[fiscal_year]
first_month = 4
named_by = "start"
"""
ROLES = """\
name = "owner"
title = "Owner and manager"
[[role]]
name = "csm"
plan = "plan.toml"
holds_book = true
[[role]]
name = "manager"
plan = "other.toml"
books = 2
"""
SEARCHED = """\
name = "searched"
seed = 1
worlds = 4
scenario = "scenario.toml"
plans = ["plan.toml", "other.toml"]
baseline = "other"
budget = 100000.0
[search]
plan = "plan.toml"
objectives = ["cost.mean", "max: pay.volatility"]
keep = ["cost.p90 <= 2M"]
evaluations = 10
finalists = 2
fresh_worlds = 512
[search.vary]
"pay.target_bonus" = { from = 10000, to = 30000, step = 5000 }
"component[0].quota.rate" = { choices = [0.8, 0.9] }
"""
LIBRARY = [
    text
    for path in sorted((ROOT / "configs" / "plans").rglob("*.toml"))
    if path.parent.name not in ("roles",) and "[[component]]" in (text := path.read_text(encoding="utf-8"))
]
