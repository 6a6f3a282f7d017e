"""The dates that place what happens in a book in a period."""

from typing import Literal

from sim.files.toml import Table


class EventDates(Table):
    """The date that places each kind of event in a period.

    renewal     : uplift: ``"due"``, when the ARR changes, or ``"booking"``, when it is signed.
    expansion   : growth inside a contract.
    contraction : renewals for less: also ``"notice"``, when the customer says so.
    churn       : lost customers: ``"due"`` or ``"notice"``.

    A contract that is renewed or given notice of before it begins is changed on the day it begins, where a share of
    retention follows its account: there is nothing to lose before.

    Source: FlowFuse handbook, When Transactions are Credited: a table of credit dates by churn, expansion, renewal and
    contraction.
    """

    renewal: Literal["due", "booking"] = "due"
    expansion: Literal["due", "booking"] = "booking"
    contraction: Literal["due", "booking", "notice"] = "due"
    churn: Literal["due", "notice"] = "due"
