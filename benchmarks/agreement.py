"""Every program must answer the question alike: no mean may differ by more than 4 standard errors."""

import numpy as np

from benchmarks.question import PLANS
from benchmarks.rivals.outcome import Outcome

LIMIT = 4.0
"""In standard errors. Of 16 means per rival, one of a right program is beyond in 1 of 1,000 runs."""


class DisagreementError(Exception):
    """A rival and the engine simulate different worlds or plans."""


def standard_errors(engine: Outcome, rival: Outcome) -> dict[str, float]:
    """Difference of each mean in standard errors.

    The spread is pooled: pay under quotas that can nearly vanish has a heavy tail, which a rival's few worlds miss.
    """
    result = {}
    for name, one, other in _rows(engine, rival):
        difference = one.mean() - other.mean()
        squares = ((one - one.mean()) ** 2).sum() + ((other - other.mean()) ** 2).sum()
        variance = squares / (len(one) + len(other) - 2)
        result[name] = float(difference / np.sqrt(variance * (1 / len(one) + 1 / len(other))))
    return result


def check(engine: Outcome, rivals: dict[str, Outcome]) -> dict[str, float]:
    """The largest difference of each rival, in standard errors.

    Raises: DisagreementError, naming the mean, where one is beyond ``LIMIT``.
    """
    largest = {}
    for rival, outcome in rivals.items():
        differences = standard_errors(engine, outcome)
        worst = max(differences, key=lambda name: abs(differences[name]))
        largest[rival] = differences[worst]
        if abs(differences[worst]) > LIMIT:
            raise DisagreementError(
                f"{rival}: mean of {worst} is {differences[worst]:+.1f} standard errors off"
            )
    return largest


def _rows(engine: Outcome, rival: Outcome):
    for name, one, other in zip(Outcome._fields, engine, rival, strict=True):
        if name == "pay":
            for plan, mine, theirs in zip(PLANS, one, other, strict=True):
                yield f"pay under {plan}", mine, theirs
        else:
            yield name, one, other
