"""Information relaxation said slowly, for any decision problem with finitely many states a step.

    best penalised pay = max over state paths of sum of reward[t][i, j] - penalty[t][i]

Source: Brown, Smith and Sun (2010), "Information relaxations and duality in stochastic dynamic programs", Operations
Research 58(4), with the penalty a martingale difference of an approximate value.
"""

import numpy as np


def penalised_best(rewards, penalties):
    """The most that any path of states earns less its penalties.

    rewards   : reward[t][i, j, ...] of going from state i to j in step t; -inf where that cannot be.
    penalties : penalty[t][i, ...] of being in state i when step t begins.
    """
    value = np.zeros(rewards[-1].shape[1:])
    for reward, penalty in zip(reversed(rewards), reversed(penalties), strict=True):
        value = (reward + value).max(axis=1) - penalty
    return value


def innovation(realised, redrawn):
    """A martingale difference: what was drawn less the mean of fresh draws given the same past (axis 0)."""
    return realised - redrawn.mean(axis=0)
