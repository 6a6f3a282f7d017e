"""``python -m tests.backtesting [--calibrated] [--lost 0.3]``: percentiles of made histories, as METHOD.md has them."""

import argparse
import sys
import time

import numpy as np

from tests.backtesting.made import CUT, YEAR, Made, chance, percentiles


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--csms", type=int, default=3)
    parser.add_argument("--worlds", type=int, default=255)
    parser.add_argument("--calibrated", action="store_true", help="estimate the scenario at the cut")
    parser.add_argument(
        "--lost", type=float, default=0.0, help="part of what is due after the cut that is lost"
    )
    parser.add_argument(
        "--year", action="store_true", help="hold out a whole year in the place of half of one"
    )
    parser.add_argument("--workers", type=int, default=1)
    told = parser.parse_args()
    cut = YEAR if told.year else CUT
    asked, began = Made(told.csms, told.calibrated, told.lost, told.worlds, cut=cut), time.time()
    found = percentiles(
        asked,
        range(told.first, told.first + told.histories),
        told.workers,
        lambda done: None if done % 20 else print(f"{done}, {time.time() - began:.0f} s", file=sys.stderr),
    )
    print(f"{'what':12}{'mean percentile':>17}{'error':>8}{'chi-square p':>14}{'inside 90 %':>13}")
    for what, each in found.pit.items():
        pits = np.array(each)
        inside = ((pits > 0.05) & (pits < 0.95)).mean()
        error = pits.std(ddof=1) / np.sqrt(len(pits))
        print(f"{what:12}{pits.mean():17.3f}{error:8.3f}{chance(pits):14.4f}{inside:13.1%}")
    p = np.array(found.p)
    print(
        f"rows inside {np.mean(found.inside):.1%}; refuted: {(p < 0.01).mean():.1%}, doubted: {(p < 0.05).mean():.1%}"
    )


if __name__ == "__main__":
    main()
