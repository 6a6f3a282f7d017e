"""What is agreed with the people of a book, where the scenario names a file that says so."""

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sim.agreed import ALWAYS, Stretch, agreed_of, handed_on, stints
from sim.errors import InputError, Problem, near_match, shown
from sim.files.people import People, read_people
from sim.named_periods import unnamed_periods
from sim.records import Agreed
from sim.world.book import Book
from sim.world.scenario import Scenario

Agreements = Mapping[str, Agreed]
"""By the name of the CSM."""


def people_of(scenario: Scenario, book: Book | None = None) -> People | None:
    """The people file of a scenario; None where it names none. book : whose CSMs all its people have to be, where given.

    Raises: InputError with everything that is wrong with it.
    """
    if scenario.book.people is None:
        return None
    path = scenario.folder / scenario.book.people
    if not os.path.lexists(path):
        where = f"{scenario.source}: book.people"
        raise InputError([Problem(where, "an existing file", f"nothing at {path}")])
    people = read_people(path)
    problems = [] if book is None else list(_strangers(people, book))
    problems += unnamed_periods(people, scenario.calendar)
    if problems:
        raise InputError(problems)
    return people


class Persons(NamedTuple):
    """What is known of the people of a book, each by name.

    agreed : with each; of one who holds a book, ``of``.
    held   : the days on which the seat of each is known to be held, one holder after another; of others always.
    """

    agreed: Agreements
    held: Mapping[str, tuple[Stretch, ...]]

    def of(self, book: Book, csm: int) -> Agreed | None:
        """What is agreed with the CSM at this position of a book; None where nothing is."""
        return self.agreed.get(book.csms[csm])

    def stints(self, book: Book, csm: int) -> tuple[Stretch, ...]:
        """The days on which the seat at this position of a book is known to be held."""
        return self.held.get(book.csms[csm], ALWAYS)

    @property
    def tenures(self) -> bool:
        """Whether it is known since when somebody holds a seat."""
        return any(days != ALWAYS for days in self.held.values())

    @property
    def come_and_go(self) -> bool:
        """Whether some seat is known to be held for a part of the time."""
        return any(each.present is not None for each in self.agreed.values())


def persons_of(people: People | None, scenario: Scenario) -> Persons:
    """What a people file says of those who hold the seats of a scenario.

    Whoever leaves inside the horizon is followed ``vacancy_days`` later by a successor on the same terms, who takes over the
    whole book; until then, and until somebody takes a seat inside it, a cover renews the book and nobody is paid.
    """
    if people is None:
        return Persons({}, {})
    calendar, vacancy = scenario.calendar, scenario.team.vacancy_days
    agreed, held = {}, {}
    for csm in dict.fromkeys(people.csm):
        days = tuple(handed_on(stints(csm, people, calendar), vacancy))
        whole = any(each.first <= 0.0 and each.beyond >= calendar.end for each in days)
        agreed[csm] = agreed_of(csm, people, calendar, not whole, None if whole else days)
        held[csm] = days
    return Persons(agreed, held)


def _strangers(people: People, book: Book) -> Iterator[Problem]:
    known = set(book.csms)
    for entry, csm in enumerate(people.csm):
        if csm not in known:
            where = f"{people.path}, row {people.row[entry]}, column csm"
            fix = near_match(csm, book.csms)
            yield Problem(where, f"a CSM of the book ({book.csms[0]} to {book.csms[-1]})", shown(csm), fix)
