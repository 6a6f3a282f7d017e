"""``python -m benchmarks.exposure_of_plans [PLANS] [SEED]``: bounds of random plans against every timing of small books."""

import sys
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from tests.measure.gaming.general.test_every_plan import bracket, playable
from tests.rig.inputs.drawn_plans import plans


def main(count: int, seed: int) -> None:
    """Enumerate, and say how often a bound was exceeded and how far above the best timing it lies."""
    found: list[tuple[float, float, float]] = []

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seeded(seed)
    @given(plans().filter(playable), st.integers(0, 50))
    def run(plan: Any, book: int) -> None:
        found.extend((paid[0], paid.max(), upper) for paid, upper in bracket(plan, book))

    run()
    honest, best, upper = np.array(found).T
    exceeded = int((best > upper * (1 + 1e-7) + 1e-6).sum())
    gains = best - honest > 1e-6
    above = (upper - honest)[gains] / (best - honest)[gains]
    quantiles = ", ".join(f"{each:.2f}" for each in np.quantile(above, (0.1, 0.25, 0.5, 0.75, 0.9)))
    print(f"{len(found)} books in worlds under {count} plans, {exceeded} above their bound")
    print(f"{int(gains.sum())} in which dates gain; bound over gain, P10 to P90: {quantiles}")


if __name__ == "__main__":
    main(*(int(each) for each in (*sys.argv[1:], "200", "17")[:2]))
