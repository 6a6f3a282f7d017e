"""Where chains begin: inputs as they are counted at first sight, with the prior as so many renewals more."""

import numpy as np

from sim.calibration.model import EITHER, KEPT, LARGER, LOST, SMALLER, Floats, Rows
from sim.calibration.prior import WORTH, Prior


def opening_inputs(rows: Rows, prior: Prior) -> tuple[Floats, float]:
    """Inputs on their scales, and how much narrower than the prior the posterior will be, roughly. [input]

    What is open counts as lost in half; couplings and shares of variance begin at the prior.
    """
    from scipy.special import ndtr, ndtri

    layout, x = prior.layout, prior.believed.mean.copy()

    def begin(place: int, some: float, of: float) -> None:
        if place >= 0 and layout.free[place]:
            share = (some + WORTH * ndtr(x[place])) / (of + WORTH)
            x[place] = ndtri(min(max(share, 1e-4), 1.0 - 1e-4))

    kept, lost, either = (rows.kind == kind for kind in (KEPT, LOST, EITHER))
    for group, place in enumerate(layout.mean):
        own = rows.group == group
        leaves = float((own & lost).sum()) + 0.5 * float((own & either).sum())
        begin(int(place), leaves, float((own & (kept | lost | either)).sum()))
    for s in range(len(layout.rate)):
        own = kept & (rows.segment == s)
        left = float(own.sum())
        smaller, larger = (float((own & (rows.amount == amount)).sum()) for amount in (SMALLER, LARGER))
        begin(int(layout.smaller[s]), smaller, left)
        begin(int(layout.larger[s]), larger, left - smaller)
        for band in range(int(layout.bands[s]) - 1):
            inside = float((own & (rows.low == band)).sum())
            begin(int(layout.stick[s, band]), inside, left)
            left -= inside
    typical = len(rows.kind) / max(len(layout.rate), 1)
    return x, float(np.sqrt(WORTH / (WORTH + typical)))
