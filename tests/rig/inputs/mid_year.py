"""A study whose book is read from a file, and a year of it that was lived: one of its worlds of another seed, as files."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from sim.replay.simulated import write_simulated
from sim.study.load import load
from sim.world.world import World

START, END = date(2026, 1, 1), date(2027, 1, 1)
SCENARIO = """name = "mid-year"
start = 2026-01-01
periods = 4
[employer]
on_cost = 0.1
[book]
file = "book.csv"
[[segment]]
name = "all"
renewed_term_months = { "6" = 0.2, "12" = 0.6, "24" = 0.2 }
churn = { probability = 0.15, by_term = { "24" = 0.1 }, dispersion = 0.1 }
contraction = { probability = 0.1, size = { low = 0.1, high = 0.4 } }
uplift = { probability = 0.5, size = { mean = 0.05, sigma = 0.5 } }
expansion = { events_per_year = 0.5, size = { mean = 0.2, sigma = 0.5 } }
win_back = [{ days = [95, 260], probability = 0.3 }]
lag = [
    { days = [-120, -31], share = 0.2 },
    { days = [-30, 0], share = 0.5 },
    { days = [1, 40], share = 0.2 },
    { days = [41, 90], share = 0.1 },
]
"""
PLAN = """name = "{name}"
[pay]
target_bonus = 10_000
base_salary = 60_000
{rest}
"""
SHARE = 'quota = { kind = "target", floor = 0.0, target = 1.0 }\n'
RENEWALS = '[[component]]\nquota = { kind = "retention", rate = 0.9 }\n'
PLANS = {
    "renewals": RENEWALS,
    "moves": f"{RENEWALS}[component.quota_moves]\nearly_out_of_due = 1.0\nfloor = 0.5\n",
    "at-due": f'{RENEWALS}crediting = {{ date = "due" }}\n',
    "on-cash": f'{RENEWALS}crediting = {{ date = "cash" }}\n',
    "to-date": f'{RENEWALS}measurement = "year_to_date"\n',
    "grr": f'[[component]]\nmeasure = "grr"\n{SHARE}',
    "nrr": f'[[component]]\nmeasure = "nrr"\n{SHARE}',
    "logos": f'[[component]]\nmeasure = "logo_retention"\n{SHARE}',
    "expansion": '[[component]]\nmeasure = "expansion_bookings"\nquota = { kind = "fixed", amount = 20_000 }\n',
    "health": '[[component]]\nmeasure = "health"\nquota = { kind = "target", floor = 0.0, target = 80.0 }\n',
    "clawed": (
        '[[component]]\nname = "renewals"\npay_kind = "commission"\nmeasure = "renewal_bookings"\n'
        "commission = { rate = 0.03 }\n[[clawback]]\nperiods = 2\n"
    ),
}


def book_rows(csms=3, accounts=10, seed=4):
    """Accounts of every CSM, due in the year or shortly before it."""
    rng = np.random.default_rng(seed)
    for csm in range(csms):
        for account in range(accounts):
            due = START + timedelta(days=int(rng.integers(-30, 360)))
            arr, term = np.exp(rng.normal(10.0, 0.6)), rng.choice([6, 12, 24])
            yield f"csm-{csm},account-{csm}-{account},all,{arr:.2f},{due},{term}"


def write_mid_year(folder: Path, plans=PLANS, worlds=64, budget=None, scenario=SCENARIO):
    """The study in ``folder``, read."""
    header = "csm,account,segment,arr,due_date,term_months"
    (folder / "book.csv").write_text("\n".join([header, *book_rows(), ""]))
    (folder / "scenario.toml").write_text(scenario)
    for name, rest in plans.items():
        (folder / f"{name}.toml").write_text(PLAN.format(name=name, rest=rest))
    names = ", ".join(f'"{name}.toml"' for name in plans)
    money = "" if budget is None else f"budget = {budget}\n"
    text = f'name = "mid-year"\nseed = 3\nworlds = {worlds}\nscenario = "scenario.toml"\nplans = [{names}]\n'
    (folder / "study.toml").write_text(f'{text}baseline = "{next(iter(plans))}"\n{money}')
    return load(folder / "study.toml")


def write_lived(study, folder: Path, number=2, seed=71, before=None):
    """World ``number`` of another seed as a history folder: what is dated before a day, all of it where left out."""
    folder.mkdir(exist_ok=True)
    as_of = None if before is None else before - timedelta(days=1)
    write_simulated(World(study.scenario, seed), number, folder, as_of=as_of)
    return folder
