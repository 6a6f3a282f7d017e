"""What the summary says of who gains and who loses."""

from collections.abc import Callable

from sim.questions.stress.limits import Judged
from sim.summary.entry import ABSENT, Entry, Part, count, measured, share, text, usd


class OfClause(Entry):
    """A clause of the plan that differs from the baseline's."""

    clause: str = text("Its path in the plan file.")
    words: str = text("The same for people: which clause of which component.")
    change: float = usd("Of pay over the horizon that it moves, of all CSMs together, in the first worlds.")


class Payee(Entry):
    """A CSM, over the horizon."""

    csm: str = text("The CSM; of a role that is paid on several books, the first and the last who hold them.")
    role: str | None = text("Of a role set.", ABSENT)
    segment: str | None = text("Of the first account of the book.", ABSENT)
    arr: float | None = usd("Of the book when the study opens.", ABSENT, per="year")
    largest: float | None = share("Of it, that of the largest account.", ABSENT)
    baseline: float | None = usd("Mean variable pay under the baseline.", ABSENT)
    pay: float | None = usd("Mean variable pay.", ABSENT, mean=True)
    change: float | None = usd(
        "Of pay against the baseline, salary included: mean over all worlds.", ABSENT, mean=True
    )
    change_se: float | None = usd("Its standard error.", ABSENT, mean=True)
    change_share: float | None = share("Of pay under the baseline, salary included.", ABSENT, mean=True)
    p10: float | None = usd("Of the change, world by world.", ABSENT)
    p50: float | None = usd("Of the change, world by world.", ABSENT)
    p90: float | None = usd("Of the change, world by world.", ABSENT)
    lose: float | None = share("Of worlds in which more than 5 % of pay is lost.", ABSENT)
    why: str | None = text("The clause that moves most; absent where it was not asked.", ABSENT)
    why_change: float | None = usd("What it moves: mean (without one, median) in the first worlds.", ABSENT)

    @property
    def centre(self) -> float:
        """The change: its mean, or its median where there is no mean. [usd]"""
        return self.change if self.change is not None else self.p50 or 0.0


class OfGroup(Entry):
    """CSMs of one kind, all worlds together."""

    csms: float = count("Of a world; of books that are drawn anew their mean.")
    change: float | None = usd("Of a CSM's pay over the horizon, mean.", ABSENT, mean=True)
    p10: float = usd("Of the change of a CSM in a world.")
    p50: float = usd("Of the change of a CSM in a world.")
    p90: float = usd("Of the change of a CSM in a world.")
    lose: float = share("Of CSMs' worlds in which more than 5 % of pay is lost.")


class OfSegment(OfGroup):
    """The CSMs of a segment, as many in every world."""

    csms: int = count("Of the segment.")
    segment: str = text("Its name.")


class OfThird(OfGroup):
    """A third of the books, by size or by how concentrated they are."""

    low: float | None = measured("usd/yr or share", "Books above this; absent of the first third.", ABSENT)
    high: float | None = measured("usd/yr or share", "Books up to this; absent of the last third.", ABSENT)


class OfRole(Entry):
    """A role of a role set or of the baseline, all its payees and worlds together."""

    role: str = text("Its name.")
    payees: int = count("Of the role set; of a role that only the baseline has, of the baseline.")
    total: float | None = usd("Of the pay of all of them over the horizon, mean.", ABSENT, mean=True)
    change: float | None = usd(
        "Of a payee's pay, mean; absent where payees come or go with the role.", ABSENT, mean=True
    )
    p10: float | None = usd("Of the change of a payee in a world.", ABSENT)
    p50: float | None = usd("Of the change of a payee in a world.", ABSENT)
    p90: float | None = usd("Of the change of a payee in a world.", ABSENT)
    lose: float | None = share("Of payees' worlds in which more than 5 % of pay is lost.", ABSENT)


class Foot(Entry):
    """From what CSMs gain and lose to what the company pays more; its parts add up."""

    payees: float = usd("Change of pay of all CSMs; of role sets, of all payees that both have.")
    coming: float | None = usd("Pay of roles that the baseline has not.", ABSENT)
    going: float | None = usd("Pay of roles that only the baseline has, below zero.", ABSENT)
    open_seats: float = usd("Salaries in it that nobody draws, as seats stand open.")
    on_cost: float = usd("On all of it.")
    hires: float = usd("Of planned hires, on-cost included.")
    cost: float = usd("Change of company cost: the mean of vs_baseline.")


class Payees(Entry):
    """Who gains and who loses against the baseline."""

    worlds: int = count(
        "The first ones, in which spreads, thirds and clauses are looked at; the rest is over all."
    )
    salary_change: float | None = usd("Of a CSM's salary over the horizon, where plans differ in it.", ABSENT)
    lose: float = share("Of CSMs' worlds in which more than 5 % of pay is lost.")
    lose_se: float = share("Its standard error.", 0.0)
    gain: float = share("Of CSMs' worlds in which more than 5 % of pay is gained.")
    share_losing_10pct: float = share("Of CSMs' worlds in which more than 10 % of pay is lost.")
    share_losing_10pct_se: float = share("Its standard error.", 0.0)
    make_whole: float | None = usd(
        "Paying every CSM what is lost in a world: mean of all CSMs.", ABSENT, "year"
    )
    make_whole_2q: float | None = usd(
        "Making whole whoever was paid less over the first two quarters: mean of all CSMs, with on-cost.",
        ABSENT,
    )
    make_whole_2q_se: float | None = usd("Its standard error.", ABSENT)
    make_whole_4q: float | None = usd("The same over the first four quarters.", ABSENT)
    make_whole_4q_se: float | None = usd("Its standard error.", ABSENT)
    cut: Judged | None = text("How many CSMs may lose pay, beside [limits] payee_cut.", ABSENT)
    foot: Foot | None = text(
        "How changes add up to that of company cost; absent without a mean.", ABSENT, mean=True
    )
    clauses: tuple[OfClause, ...] | None = text(
        "What each clause moves, in order of settlement.", ABSENT, mean=True
    )
    roles: tuple[OfRole, ...] | None = text(
        "By role, of role sets; payees of a role that is paid on the same books in the baseline are held against it.",
        ABSENT,
    )
    segments: tuple[OfSegment, ...] = text("By segment.")
    sizes: tuple[OfThird, ...] | None = text("By ARR of the book, in thirds.", ABSENT)
    concentrations: tuple[OfThird, ...] | None = text("By share of the largest account, in thirds.", ABSENT)
    rows: tuple[Payee, ...] | None = text(
        "By CSM, who loses most first; absent where a world has books of its own, as its CSMs are others, and of more than "
        "20,000 CSMs and plans.",
        None,
    )

    @property
    def why(self) -> str | None:
        """The clause that moves most of all CSMs' pay together; None where that was not asked, or has no mean."""
        most = max(self.clauses or (), key=lambda each: abs(each.change), default=None)
        return None if most is None else most.words

    def renamed(self, name_of: Callable[[str], str]) -> "Payees":
        """The same under other names."""
        rows = self.rows or ()
        renamed = tuple(row.model_copy(update={"csm": name_of(row.csm)}) for row in rows)
        return self.model_copy(update={"rows": renamed or self.rows})


class PayeesOfPlan(Part):
    """What is said of a plan beside the baseline."""

    payees: Payees | None = text(
        "Who gains and who loses; absent of the baseline, and where no role of both is paid on the same books.",
        None,
    )


class PayeesOfStudy(Part):
    """How the plans stand to each other."""

    most_lose: tuple[str, ...] | None = text(
        "The plan under which most CSMs lose, and after it those that the first worlds do not tell apart from it.",
        None,
    )
