"""The pay of the same payees under two plans, world by world: of each of them, and of groups of them."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.changes import FELT, Against
from sim.engine.totals import Totals

Floats = NDArray[np.float64]
Places = NDArray[np.bool_]

SPREAD: Final = ("p10", "p50", "p90")
LEVELS: Final = (0.1, 0.5, 0.9)


class Gap(NamedTuple):
    """One plan, or the roles of a role set that the baseline has too, against the baseline; payees role by role.

    parts   : position of each role, and what it is held against.
    mean    : change of each payee, over all worlds; None where pay has no mean. [payee] [usd]
    losing  : share of worlds in which each loses more than 5 %. [payee]
    change  : in the first worlds, salary included. [payee, world] [usd]
    felt    : the same, of pay under the baseline. [payee, world] [share]
    """

    parts: tuple[tuple[int, Against], ...]
    mean: Floats | None
    losing: Floats
    change: Floats
    felt: Floats

    @property
    def head(self) -> int:
        """The first role that is compared."""
        return self.parts[0][0]


def gap_of(totals: Totals, parts: tuple[tuple[int, Against], ...], with_mean: bool) -> Gap:
    """The payees of these roles, one role after the other. parts : at least one. with_mean : whether changes have one."""
    assert totals.changes is not None, "there is something to compare"
    moments, found = totals.changes.change, []
    for role, against in parts:
        payees = totals.shape.payees[role]
        before, after = totals.first_pay[against.role, :payees], totals.first_pay[role, :payees]
        change, usual = after - before + against.more, before + against.salary
        losing = totals.changes.losing[role, :payees] / moments.worlds[role, :payees]
        felt = change / np.where(usual > 0.0, usual, np.inf)
        found.append((moments.mean[role, :payees], losing, change, felt))
    mean, losing, change, felt = (np.concatenate(each) for each in zip(*found, strict=True))
    return Gap(parts, mean if with_mean else None, losing, change, felt)


def of_group(gap: Gap, mine: Places) -> dict[str, Any]:
    """CSMs of a kind: over all worlds where they are the same in each, else in the worlds that were looked at.

    mine : whether a CSM is one of them. [csm, world], or [csm, 1]
    """
    if mine.shape[1] == 1:
        few = mine[:, 0]
        change, lose = gap.change[few], float(gap.losing[few].mean())
        mean = None if gap.mean is None else float(gap.mean[few].mean())
        csms: float = int(np.count_nonzero(few))
    else:
        looked = gap.change[:, : mine.shape[1]]
        few = mine[:, : looked.shape[1]]
        change, lose = looked[few], float(np.mean(gap.felt[:, : few.shape[1]][few] < -FELT))
        mean = None if gap.mean is None else float(change.mean())
        csms = float(few.sum() / few.shape[1])
    spread = np.quantile(change, LEVELS).tolist()
    return {"csms": csms, "change": mean, **dict(zip(SPREAD, spread, strict=True)), "lose": lose}
