"""What the summary says of who gains and who loses."""

from sim.summary.entry import ABSENT, Entry, Part, count, share, text, usd


class Payee(Entry):
    """A CSM, over the horizon."""

    csm: str = text("The CSM.")
    segment: str = text("Of the first account of the book.")
    pay: float = usd("Mean variable pay.")
    baseline: float = usd("The same under the baseline.")
    change: float = usd("Pay less that under the baseline: mean over all worlds.")
    change_share: float | None = share("Of pay under the baseline, salary included.", ABSENT)
    p10: float = usd("Of the change, world by world.")
    p90: float = usd("Of the change, world by world.")
    lose: float = share("Of worlds in which more than 5 % of pay is lost.")


class OfSegment(Entry):
    """The CSMs of a segment, all worlds together."""

    segment: str = text("Its name.")
    csms: int = count("Books.")
    change: float = usd("Of variable pay, a CSM's mean over the horizon.")
    p10: float = usd("Of the change of a CSM in a world.")
    p90: float = usd("Of the change of a CSM in a world.")
    lose: float = share("Of CSMs' worlds in which more than 5 % of pay is lost.")


class Payees(Entry):
    """Who gains and who loses against the baseline."""

    worlds: int = count("From the first on, in which spreads are looked at; means are over all.")
    lose: float = share("Of CSMs' worlds in which more than 5 % of pay is lost.")
    gain: float = share("Of CSMs' worlds in which more than 5 % of pay is gained.")
    share_losing_10pct: float = share("Of CSMs' worlds in which more than 10 % of pay is lost.")
    make_whole: float = usd("Paying every CSM what is lost in a world: mean of all CSMs.", per="year")
    segments: tuple[OfSegment, ...] = text("By segment.")
    rows: tuple[Payee, ...] | None = text(
        "By CSM, who loses most first; absent where a world has books of its own, as its CSMs are others.",
        None,
    )


class PayeesOfPlan(Part):
    """What is said of a plan beside the baseline."""

    payees: Payees | None = text("Who gains and who loses; absent of the baseline, and of role sets.", None)
