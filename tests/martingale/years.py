"""Made years of a company, each forecast anew from quarter to quarter, and what must hold of the forecasts.

A year is a world of another seed. Its forecasts are means over worlds, given what is known of it on each day; the last one
is what it cost. Where forecasts are right they are a martingale: no step has a mean, nor one that what was known foretells.
"""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from scipy.stats import chi2

from sim.engine.setting import frame_of, prepare
from sim.engine.simulate import simulate
from sim.study.load import load
from sim.world.continued import Continued
from sim.world.world import World
from tests.rig.inputs.lived_year import known_of

START = date(2026, 1, 1)
DAYS = (0, 90, 181, 273)
"""First days of the quarters. [day]"""
SCENARIO = """name = "made"
start = 2026-01-01
periods = 4
[book]
file = "book.csv"
[market]
persistence = 0.7
[dependence]
market = 0.10
skill = 0.05
health = 0.30
[[segment]]
name = "all"
term_months = { "12" = 1.0 }
churn = { probability = 0.12, dispersion = 0.1 }
contraction = { probability = 0.15, size = { low = 0.1, high = 0.4 } }
uplift = { probability = 0.5, size = { mean = 0.06, sigma = 0.5 } }
win_back = [{ days = [181, 300], probability = 0.1 }]
lag = [
    { days = [-180, -91], share = 0.05 },
    { days = [-90, -31], share = 0.15 },
    { days = [-30, 0], share = 0.60 },
    { days = [1, 30], share = 0.12 },
    { days = [31, 90], share = 0.05 },
    { days = [91, 180], share = 0.03 },
]
"""
PLANS = {
    "linear": '[[component]]\nquota = { kind = "fixed", amount = 200_000 }\n',
    "to-date": (
        '[[component]]\nmeasure = "grr"\nmeasurement = "year_to_date"\n'
        'quota = { kind = "target", floor = 0.6, target = 0.9 }\n'
    ),
    "accelerated": (
        '[[component]]\nquota = { kind = "fixed", amount = 200_000 }\n'
        '[[component.curve]]\nattainment = "[0, 1)"\nslope = 1.0\n'
        '[[component.curve]]\nattainment = "[1, 1.3)"\npays = 1.0\nslope = 2.0\n'
        '[[component.curve]]\nattainment = "[1.3, inf)"\npays = 1.6\n'
    ),
}


class Years(NamedTuple):
    """Forecasts of made years.

    mean  : on each day, and what the year cost. [year, day + 1, plan] [usd]
    width : from P5 to P95. [year, day, plan] [usd]
    rank  : share of the worlds of the forecast that cost less than the year. [year, day, plan]
    known : ARR booked so far. [year, day] [usd/yr]
    """

    mean: np.ndarray
    width: np.ndarray
    rank: np.ndarray
    known: np.ndarray


def study_of(folder, csms, accounts, worlds, scenario=SCENARIO):
    """A company whose renewals are spread over the year, some past due on the first day."""
    rng, rows = np.random.default_rng(3), ["csm,account,segment,arr,due_date,term_months"]
    for csm in range(csms):
        for account in range(accounts):
            due = START + timedelta(days=int(rng.integers(-25, 340)))
            rows.append(f"c{csm},c{csm}-{account},all,{np.exp(rng.normal(10.5, 0.8)):.2f},{due},12")
    (folder / "book.csv").write_text("\n".join([*rows, ""]))
    (folder / "scenario.toml").write_text(scenario)
    for name, rest in PLANS.items():
        (folder / f"{name}.toml").write_text(f'name = "{name}"\n[pay]\ntarget_bonus = 10_000\n{rest}')
    plans = ", ".join(f'"{name}.toml"' for name in PLANS)
    head = f'name = "made"\nseed = 5\nworlds = {worlds}\nscenario = "scenario.toml"\n'
    (folder / "study.toml").write_text(f'{head}plans = [{plans}]\nbaseline = "linear"\n')
    return load(folder / "study.toml")


def forecast(study, numbers, seed=991, days=DAYS):
    """The years of these numbers, each forecast on each day from worlds of its own: the error of worlds that years shared
    would be taken for one of the forecasts.
    """
    truth, frame = World(study.scenario, seed), frame_of(study.scenario, study.plans)
    lived, found = prepare(study, truth, frame), []
    for number in numbers:
        cost = simulate(lived, 0, 1, offset=number).variable.sum(axis=1)[:, 0]
        year = []
        for day in days:
            known = known_of(truth, number, day)
            ahead = prepare(study, Continued(study.scenario, study.seed, known), frame)
            drawn = simulate(ahead, 0, study.worlds, offset=number * study.worlds).variable.sum(axis=1)
            low, high = np.quantile(drawn, (0.05, 0.95), axis=1)
            below = (drawn < cost[:, None]).mean(axis=1) + (drawn == cost[:, None]).mean(axis=1) / 2
            year.append((drawn.mean(axis=1), high - low, below, float(known.bookings.booked_arr.sum())))
        mean, width, rank, booked = (np.array(each) for each in zip(*year, strict=True))
        found.append((np.vstack([mean, cost]), width, rank, booked))
    return Years(*(np.stack(each) for each in zip(*found, strict=True)))


def steps(years):
    """z of the mean of each step. [step, plan]"""
    step = np.diff(years.mean, axis=1)
    return step.mean(axis=0) / (step.std(axis=0, ddof=1) / np.sqrt(len(step)))


def foretold(years):
    """t of each step's slope on what was booked before it; of the first one nothing was. [step - 1, plan]"""
    step = np.diff(years.mean, axis=1)[:, 1:]
    x = years.known[:, 1:] - years.known[:, 1:].mean(axis=0)
    slope = np.einsum("yk,ykp->kp", x, step) / (x**2).sum(axis=0)[:, None]
    rest = step - step.mean(axis=0) - slope * x[:, :, None]
    return slope / np.sqrt((rest**2).sum(axis=0) / (len(x) - 2) / (x**2).sum(axis=0)[:, None])


def narrower(years):
    """Share of the years whose forecast is narrower than on the first day. [day - 1, plan]"""
    return (years.width[:, 1:] < years.width[:, :1]).mean(axis=0)


def uniform(years, bins=10):
    """p of the chi-square test that the year's rank in its forecast is uniform. [day, plan]"""
    edges = np.linspace(0.0, 1.0, bins + 1)[1:-1]
    place = np.searchsorted(edges, years.rank)
    counts = np.stack([(place == each).sum(axis=0) for each in range(bins)])
    expected = len(years.rank) / bins
    return chi2.sf(((counts - expected) ** 2 / expected).sum(axis=0), bins - 1)
