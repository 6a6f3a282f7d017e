"""Forecasts in mid-year over many made years: `python -m tests.martingale --years 1000`; exits with 1 where one is wrong.

Prints what METHOD shows: the mean of every step, whether what was booked foretells it, how often forecasts narrow, and
whether years lie in them as they should. Of all tests together one false alarm in a hundred (Bonferroni).
"""

import argparse
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.stats import norm

from tests.martingale.years import DAYS, PLANS, Years, forecast, foretold, narrower, steps, study_of, uniform

FALSE_ALARMS = 0.01
NARROWER = 0.95


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--worlds", type=int, default=512)
    parser.add_argument("--csms", type=int, default=6)
    parser.add_argument("--accounts", type=int, default=20)
    parser.add_argument("--keep", type=Path, help="write the years there (.npz), to be joined")
    parser.add_argument("--join", type=Path, nargs="*", help="read years from these, and simulate none")
    asked = parser.parse_args()
    if asked.join:
        parts = [np.load(path) for path in asked.join]
        years = Years(*(np.concatenate([part[name] for part in parts]) for name in Years._fields))
    else:
        with tempfile.TemporaryDirectory() as folder:
            study = study_of(Path(folder), asked.csms, asked.accounts, asked.worlds)
            years = forecast(study, range(asked.first, asked.first + asked.years))
    if asked.keep:
        np.savez(asked.keep, **years._asdict())
    sys.exit(told(years))


def told(years):
    """Print the tables; 1 where something does not hold."""
    z, t, share, p = steps(years), foretold(years), narrower(years), uniform(years)
    tests = z.size + t.size + p.size
    far = norm.isf(FALSE_ALARMS / tests / 2)
    print(
        f"{len(years.mean):,} years; of {tests} tests none beyond {far:.2f}, no p below {FALSE_ALARMS / tests:.1e}"
    )
    print(
        f"{'plan':12}{'step':>16}{'mean, % of cost':>17}{'z':>7}{'foretold, t':>13}{'narrower':>10}{'p of rank':>11}"
    )
    days = [*(f"day {day}" for day in DAYS), "end"]
    for place, plan in enumerate(PLANS):
        for at, (one, other) in enumerate(pairwise(days)):
            moved = np.diff(years.mean, axis=1)[:, at, place].mean() / years.mean[:, -1, place].mean()
            slope = f"{t[at - 1, place]:13.2f}" if at else f"{'':13}"
            narrow = f"{share[at, place]:10.1%}" if at < len(share) else f"{'':10}"
            print(
                f"{plan:12}{one + ' to ' + other:>16}{moved:17.3%}{z[at, place]:7.2f}{slope}{narrow}{p[at, place]:11.3f}"
            )
    right = np.abs(z).max() < far and np.abs(t).max() < far and p.min() > FALSE_ALARMS / tests
    return 0 if right and share.min() >= NARROWER else 1


if __name__ == "__main__":
    main()
