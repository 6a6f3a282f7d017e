"""Which part of a bonus was earned early, late and on time."""

from typing import NamedTuple

import numpy as np

from sim.records import FloatPW, Statement


class BonusSplit(NamedTuple):
    """The bonus of a statement by timing. All [period, world] [usd]."""

    early: FloatPW
    late: FloatPW
    on_time: FloatPW


def split_bonus(statement: Statement) -> BonusSplit:
    """Split the bonus pro rata to credit after multipliers; where there is no credit, every part is zero.

    Source: Compensating Customer Success Managers (founding document), Bonus Paid in Period of early case 3:
    of a bonus of 24.2 on a credit of 725, the 125 credited for early renewals carry 4.2.
    """
    per_credit = np.divide(
        statement.bonus, statement.credit, out=np.zeros_like(statement.bonus), where=statement.credit > 0.0
    )
    parts = (statement.credit_early, statement.credit_late, statement.credit_on_time)
    return BonusSplit(*(part * per_credit for part in parts))
