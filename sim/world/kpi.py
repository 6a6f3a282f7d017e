"""KPIs: noisy readings of the health of accounts, on the scales that people use."""

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.records import NEVER, Days, FloatPW, IntP
from sim.world.laws import Loadings, Times
from sim.world.normal import ONE, ZERO, normal_quantile, normal_share, uniform
from sim.world.philox import U32, U64, philox
from sim.world.streams import DECISION_SHIFT, KPI, LOW_WORD, NUMBER_SHIFT, RENEWAL, WORD_SHIFT

F32 = np.float32
RENEWAL_TAG = U64(RENEWAL) << DECISION_SHIFT
KPI_TAG = U64(KPI) << DECISION_SHIFT

Singles = NDArray[np.float32]


@kernel
def read_kpis(
    k0: np.uint64,
    k1: np.uint64,
    first_world: np.uint64,
    identity: NDArray[np.uint64],
    slot: IntP,
    first_number: NDArray[np.int32],
    met: Singles,
    due_day: Days,
    from_period: NDArray[np.int32],
    until_period: NDArray[np.int32],
    farthest: int,
    load: Loadings,
    times: Times,
    read: IntP,
    correlation: Singles,
    scale: NDArray[np.float64],
    n0: np.uint64,
    n1: np.uint64,
    out: FloatPW,
    accounts: FloatPW,
) -> None:
    """Add up the readings of every account while it is a customer: ``out`` is [kpi, due period, world], ``accounts``
    counts them, [due period, world].

    An account's health at a due date is the one its renewal is drawn with; between due dates it is read on the straight
    line, rescaled so that it stays standard normal. A reading is c x health + sqrt(1 - c^2) x noise, as a share of
    accounts, on the KPI's scale.

    first_number : under which the first renewal of the account is drawn. [account, world]
    read, n0, n1 : the word of each KPI, and the key of the noise. [kpi]
    met : health when the study opens, NaN where it is not known; then it is as at the first due date. [account]
    from_period, until_period : due periods in which the account is a customer. [account, world]
    farthest : a due date in a later due period, or in none, is read as in this one: the second after the horizon.

    Source: assumption; straight lines between knots.
    """
    worlds, knots = accounts.shape[1], scale.shape[1] - 1
    for a in range(len(identity)):
        low, high = identity[a] & LOW_WORD, identity[a] >> WORD_SHIFT
        for world in range(worlds):
            number, known, before = 0, met[a] == met[a], from_period[a, world]
            draws, drawn = (first_world + U64(world), low, high), U64(first_number[a, world])
            persist, renew = (load.persist[world], load.renew[world]) if known else (ZERO, ONE)
            health = met[a] if known else ZERO
            ahead = _health(k0, k1, *draws, drawn, persist, renew, health)
            due = min(_due_period(slot, due_day, times, a, 0, world), farthest)
            health = health if known else ahead
            for period in range(from_period[a, world], min(until_period[a, world], farthest)):
                while period >= due:
                    number += 1
                    health, before = ahead, due
                    which = drawn + U64(number)
                    ahead = _health(k0, k1, *draws, which, load.persist[world], load.renew[world], ahead)
                    due = min(_due_period(slot, due_day, times, a, number, world), farthest)
                weight = F32(period - before) / F32(max(due - before, 1))
                rho = load.persist[world] if number > 0 or known else ONE
                spread = ONE - F32(2.0) * weight * (ONE - weight) * (ONE - rho)
                now = ((ONE - weight) * health + weight * ahead) / np.sqrt(spread)
                tag = KPI_TAG | (U64(times.number + period) << NUMBER_SHIFT)
                word = philox(first_world + U64(world), low, high, tag, n0, n1)
                accounts[period, world] += 1.0
                for kpi in range(len(correlation)):
                    noise = normal_quantile(uniform(U32(word[read[kpi]])))
                    c = correlation[kpi]
                    reading = c * now + np.sqrt(max(ONE - c * c, ZERO)) * noise
                    place = np.float64(normal_share(reading)) * knots
                    knot = min(int(place), knots - 1)
                    rise = scale[kpi, knot + 1] - scale[kpi, knot]
                    out[kpi, period, world] += scale[kpi, knot] + (place - knot) * rise


@kernel
def _health(
    k0: np.uint64,
    k1: np.uint64,
    world: np.uint64,
    low: np.uint64,
    high: np.uint64,
    number: np.uint64,
    persist: np.float32,
    renew: np.float32,
    before: np.float32,
) -> np.float32:
    """Health at a renewal, from the word that the renewal itself reads, and from health before it where that is known."""
    _, step, _, _ = philox(world, low, high, RENEWAL_TAG | (number << NUMBER_SHIFT), k0, k1)
    return persist * before + renew * normal_quantile(uniform(U32(step)))


@kernel
def _due_period(slot: IntP, due_day: Days, times: Times, a: int, number: int, world: int) -> int:
    """Due period of a renewal of the account; ``span`` when there is none."""
    row = slot[a] + number
    if row >= slot[a + 1] or due_day[row, world] == NEVER:
        return times.span
    last = len(times.period) - 1
    return int(times.period[min(max(due_day[row, world] - times.first, 0), last)])
