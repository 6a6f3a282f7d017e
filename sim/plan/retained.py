"""What a share of retention counts as kept: the choices of a plan where the field has more than one definition."""

from typing import Literal

from sim.files.toml import Table
from sim.plan.bounds import DayCount
from sim.records import LATE_WINDOW_DAYS


class Retained(Table):
    """How ``grr``, ``nrr`` and ``logo_retention`` are counted.

    All three follow the customers that the book holds at the start of the window; who holds 0 usd is none. GRR is what is
    kept of their ARR, NRR their ARR at the end, over their ARR at the start; logo retention is how many of them still are
    customers. So GRR and logo retention lie between 0 and 1, and who joins in the window is in none of them.

    by               : what a customer is: an ``"account"``, kept while it keeps one of its contracts; or each
                       ``"contract"``, so that one that ends is lost whatever else its account has. In a simulation an
                       account has one contract.
    basis            : ``"events"``, a customer keeps the lowest ARR that losses left it with, and what it regains in the
                       same window is growth: 100 that fall to 50 and return to 100 are a GRR of 50 %; or
                       ``"snapshot"``, the lower of its ARR at both ends of the window: 100 %. A loss of what the customer
                       grew by inside the window counts in neither.
    late             : of a renewal booked in a later period than due, inside the window of ``late_window_days``:
                       ``"kept"``, it is held all along, at the old ARR until it is booked; or ``"lost"``, it is out from
                       its due day until it is booked, and lost so far. What comes back makes up for its own lapse and
                       for nothing else: in the window in which it lapsed, and in no later one.
    late_window_days : who returns later than this was lost when due, and is a new customer when booked. [day]

    Source: by account as ChartMogul (Customer churn rate) and Stripe (Calculating churn rate in Billing) count: of several
    subscriptions one that ends is contraction, and no lost customer. Kellogg, Measuring SaaS renewal rates: way more than
    meets the eye (2013), on ARR against customers and on timing; Compensating Customer Success Managers (founding
    document): a reacquired customer is "a late renewal rather than a new logo" inside a window, typically of 180 days. By
    events and kept are assumptions: losses are told as they happen, and a renewal in hand is not a loss.
    """

    by: Literal["account", "contract"] = "account"
    basis: Literal["events", "snapshot"] = "events"
    late: Literal["kept", "lost"] = "kept"
    late_window_days: DayCount = LATE_WINDOW_DAYS
