"""What a plan pays on decides which files a replay needs: the written table, and the sentence for a missing one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from sim.errors import Problem, near_match, shown
from sim.files.book_events import Expansions, Opening, Readings
from sim.files.deals import Deals
from sim.files.people import People
from sim.plan.component import Component
from sim.plan.measures import MEASURES
from sim.plan.plan import Plan


class BookEvents(NamedTuple):
    """The optional files of a replay."""

    opening: Opening | None = None
    expansions: Expansions | None = None
    readings: Readings | None = None

    def by_csm(self, csms: Iterable[str]) -> dict[str, "BookEvents"]:
        """The part of each CSM."""
        opening, expansions, readings = ({} if each is None else rows_of(each.csm) for each in self)
        newcomers = self.expansions and self.expansions.newcomers
        joined = {} if newcomers is None else rows_of(newcomers.csm)

        def grown(csm: str) -> Expansions | None:
            found = self.expansions and self.expansions.only(expansions.get(csm, []))
            new = newcomers and newcomers.only(joined.get(csm, []))
            return found and replace(found, newcomers=new)

        return {
            csm: BookEvents(
                self.opening and self.opening.only(opening.get(csm, [])),
                grown(csm),
                self.readings and self.readings.only(readings.get(csm, [])),
            )
            for csm in csms
        }


def rows_of(names: Iterable[str], also: Iterable[str] = ()) -> dict[str, list[int]]:
    """The rows of each name, in order of first appearance; then none of the names in ``also`` that have not appeared."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, []).append(row)
    for name in also:
        rows.setdefault(name, [])
    return rows


NO_BOOK_EVENTS: Final = BookEvents()

BOOK, EXPANSIONS, KPIS = "--book", "--expansions", "--kpis"
COLUMNS: Final = {
    BOOK: "the ARR of every account on the first day: csm, account, arr",
    EXPANSIONS: "growth between renewals: csm, account, date, arr",
    KPIS: "readings of the books: csm, date (or period, from 0), kpi, value",
}
OF_RENEWALS: Final = {"renewal", "uplift", "won_back"}
"""Types of deals that the deals alone tell."""
FILE_OF: Final = {"opening": BOOK, "expansions": EXPANSIONS, "readings": KPIS}
"""The file that tells what a measure needs of a history; the rest are columns of the deals."""


def file_problems(
    deals: Deals,
    plans: Sequence[Plan],
    book_events: BookEvents,
    people: People | None,
    holding: Sequence[str] = (),
) -> list[Problem]:
    """Where a plan pays on something that no file tells, or a file has people whom another does not know. ``holding``: who
    has accounts that changed hands, or are shared.
    """
    problems = need_problems(deals, plans, book_events)
    return [*problems, *_strangers(deals, book_events, people, holding)]


def need_problems(deals: Deals, plans: Sequence[Plan], book_events: BookEvents) -> list[Problem]:
    """Where a plan pays on something that no file tells."""
    given = dict(zip((BOOK, EXPANSIONS, KPIS), book_events, strict=True))
    problems = []
    for plan in plans:
        for file, why in dict.fromkeys(_needed(plan)):
            if given[file] is None:
                fix = f"Plan {plan.name!r} reads {why}: give {COLUMNS[file]}."
                problems.append(Problem(file, "given", "nothing", fix))
        problems += _columns(deals, plan)
    return problems


def _needed(plan: Plan) -> Iterator[tuple[str, str]]:
    """The files that a plan needs, and for what."""
    for component in plan.component:
        measure = component.team_measure or component.measure
        name = component.kpi or measure
        for fact in MEASURES[measure].history:
            if fact in FILE_OF:
                yield FILE_OF[fact], name
        types = {each for row in component.deals for each in row.types}
        if between := sorted(types - OF_RENEWALS):
            yield EXPANSIONS, f"{', '.join(between)} among deals"
        if component.quota.kind == "opening":
            yield BOOK, "a quota on the ARR at the start of a period"
    if plan.clawback:
        yield BOOK, "a clawback"


def _joined_by(book_events: BookEvents) -> tuple[str, ...]:
    """Who has customers that joined after the first day."""
    expansions = book_events.expansions
    return () if expansions is None or expansions.newcomers is None else expansions.newcomers.csm


def _columns(deals: Deals, plan: Plan) -> Iterator[Problem]:
    """Columns of the deals that a plan needs and that are not there."""
    where = f"{deals.path}, row 1, column"
    if deals.notice_date is None and any(map(_by_notice, plan.component)):
        fix = f"Plan {plan.name!r} counts losses by notice; add the column or replay another plan."
        yield Problem(f"{where} notice_date", "present", "nothing", fix)
    if deals.multi_year is None and any(
        "multi_year" in MEASURES[component.measure].history for component in plan.component
    ):
        fix = f"Plan {plan.name!r} pays on longer terms; add the column (1 where one was signed, else 0)."
        yield Problem(f"{where} multi_year", "present", "nothing", fix)


def _by_notice(component: Component) -> bool:
    return "notice" in (component.dates.churn, component.dates.contraction)


def _strangers(
    deals: Deals, book_events: BookEvents, people: People | None, holding: Sequence[str]
) -> Iterator[Problem]:
    """CSMs of one file whom the other does not know."""
    csms = {*deals.csm, *holding, *(() if people is None else people.csm)}
    for event in book_events:
        if event is not None:
            for csm, entries in rows_of(event.csm).items():
                if csm not in csms:
                    row = event.row[entries[0]] if event.row else entries[0] + 2
                    where = f"{event.path}, row {row}, column csm"
                    fix = f"{deals.path} has no deal of theirs."
                    yield Problem(where, f"a CSM of {deals.path.name}", shown(csm), fix)
    if book_events.opening is not None:
        held = {*book_events.opening.csm, *holding, *_joined_by(book_events)}
        if deals.share is not None:
            held |= {csm for csm, share in zip(deals.csm, deals.share, strict=True) if share < 1.0}
        for csm, entries in rows_of(deals.csm).items():
            if csm not in held:
                row = deals.row[entries[0]] if deals.row else entries[0] + 2
                fix = f"{deals.path.name}, row {row}, has a deal of theirs."
                yield Problem(
                    f"{book_events.opening.path}", "a book for every CSM", f"no account of {shown(csm)}", fix
                )
    if people is not None:
        for csm, entries in rows_of(deals.csm).items():
            if csm not in people.csm:
                row = deals.row[entries[0]] if deals.row else entries[0] + 2
                where = f"{deals.path}, row {row}, column csm"
                fix = near_match(csm, people.csm) or "Add them, with a blank from if they were always there."
                yield Problem(where, f"a person of {people.path.name}", shown(csm), fix)
