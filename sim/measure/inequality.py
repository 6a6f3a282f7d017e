"""How unequally CSMs are paid, world by world."""

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel


def inequality(pay: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gini coefficient of the CSMs' pay and the share of the best paid fifth, from ``pay`` [csm, world]. Both
    [world].

    NaN where nobody is paid. Equal pay has Gini 0, and a fifth of the pay in the best paid fifth.

    Source: Gini = 2 sum(i x_(i)) / (n sum(x)) - (n + 1) / n; the fifth is 1 - L(0.8) of the Lorenz curve,
    linear between CSMs (Gastwirth 1972, "The estimation of the Lorenz curve and Gini index", Rev. Econ. Stat.
    54(3)).
    """
    ordered = np.sort(np.ascontiguousarray(pay.T), axis=1)
    gini = np.empty(len(ordered))
    top = np.empty(len(ordered))
    lorenz(ordered, gini, top)
    return gini, top


@kernel
def lorenz(ordered: NDArray[np.float64], gini: NDArray[np.float64], top: NDArray[np.float64]) -> None:
    """Fill ``gini`` and ``top`` [world] from pay in ascending order, ``ordered`` [world, csm]."""
    worlds, csms = ordered.shape
    fifth = 0.2 * csms
    for world in range(worlds):
        total = 0.0
        ranked = 0.0
        best = 0.0
        for csm in range(csms):
            pay = ordered[world, csm]
            total += pay
            ranked += (csm + 1) * pay
            best += min(max(fifth - (csms - 1 - csm), 0.0), 1.0) * pay
        gini[world] = 2.0 * ranked / (csms * total) - (csms + 1) / csms if total > 0.0 else np.nan
        top[world] = best / total if total > 0.0 else np.nan
