"""Who gains and who loses by each plan, by name and to the cent, with totals."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sim.replay.replay import Replay
from sim.replay.slips import Slip, summed
from sim.replay.statements import plan_names
from sim.shapes.cents import to_cent
from sim.shapes.table import PLAN, Column, Table, Value, table

NOTE: Final = "Who loses most first; below them all who lose, gain and stay, and everybody."
SALARY: Final = "The change is of all pay, salary included."


class Change(NamedTuple):
    """One CSM's pay over the horizon under a plan, against the first one. [usd]

    before, after : variable pay.
    salary : that is paid more, or less.
    usual  : salary under the first plan.
    """

    csm: str
    before: float
    after: float
    salary: float
    usual: float

    @property
    def change(self) -> float:
        """Of all pay."""
        return summed([self.after, -self.before, self.salary])


def changes_table(result: Replay, slips: Sequence[Slip]) -> Table | None:
    """By name, losers first; then totals. None of a single plan."""
    first, *others = plan_names(result)
    rows = [row for plan in others for row in _rows(plan, changes_of(result, slips, plan))]
    columns = (
        PLAN,
        Column("csm", "CSM"),
        Column("before", f"Paid under {first}", "money"),
        Column("after", "Paid", "money"),
        Column("salary", "Salary change", "money", signed=True, note=SALARY),
        Column("change", "Change", "money", signed=True),
        Column("change_share", "of all pay", "share", signed=True),
    )
    title = f"Who gains and who loses by name, against {first}"
    brief = [column.key for column in columns]
    return table("changes", title, columns, rows, NOTE, brief=brief, short=f"{title} [$]")


def changes_of(result: Replay, slips: Sequence[Slip], plan: str) -> list[Change]:
    """Everybody's change under a plan against the first one, losers first."""
    first = plan_names(result)[0]
    paid = {(slip.settled.plan_name, slip.settled.csm): slip.total for slip in slips}
    salary = {(slip.settled.plan_name, slip.settled.csm): to_cent(slip.settled.salary) for slip in slips}
    found = []
    for csm in dict.fromkeys(slip.settled.csm for slip in slips):
        usual, more = salary[first, csm], summed([salary[plan, csm], -salary[first, csm]])
        found.append(Change(csm, paid[first, csm], paid[plan, csm], more, usual))
    return sorted(found, key=lambda each: each.change)


def _rows(plan: str, found: Sequence[Change]) -> Iterator[dict[str, Value]]:
    for each in found:
        yield _row(plan, each.csm, [each])
    lose, gain = ([each for each in found if sign * each.change > 0.0] for sign in (-1.0, 1.0))
    stay = [each for each in found if each.change == 0.0]
    for words, mine in (("lose", lose), ("gain", gain), ("stay", stay)):
        if mine:
            yield _row(plan, f"{len(mine)} {words}", mine)
    yield _row(plan, "All", found)


def _row(plan: str, csm: str, found: Sequence[Change]) -> dict[str, Value]:
    """What some of them are paid and change by together."""
    before, after, salary, change, usual = (
        summed([getattr(each, key) for each in found])
        for key in ("before", "after", "salary", "change", "usual")
    )
    share = change / (before + usual) if before + usual > 0.0 else None
    more = {"salary": salary} if any(each.salary for each in found) else {}
    return {
        "plan": plan,
        "csm": csm,
        "before": before,
        "after": after,
        **more,
        "change": change,
        "change_share": share,
    }
