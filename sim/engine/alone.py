"""An account by itself: what becomes of a book that holds nothing else."""

from typing import NamedTuple

from sim.records import Ledger, Renewals


class Alone(NamedTuple):
    """One account in one world, with all that the plans read of it. csm : who holds it."""

    csm: str
    account: str
    renewals: Renewals
    ledger: Ledger
