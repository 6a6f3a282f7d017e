"""What is agreed with the people of a book, where the scenario names a file that says so."""

import os
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sim.agreed import agreed_of, since_of, stints
from sim.calendar import Calendar
from sim.errors import InputError, Problem, near_match, shown
from sim.files.people import People, read_people
from sim.named_periods import unnamed_periods
from sim.records import Agreed
from sim.world.book import Book
from sim.world.scenario import Scenario

WHO_LEAVES: Final = "Who comes and goes after the first day is drawn as [team] says; a replay follows dates."
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
    problems = [*([] if book is None else _strangers(people, book)), *_who_leave(people, scenario.calendar)]
    problems += unnamed_periods(people, scenario.calendar)
    if problems:
        raise InputError(problems)
    return people


class Persons(NamedTuple):
    """What is known of the people of a book, each by name.

    agreed : with each; of one who holds a book, ``of``.
    since  : when each took over the seat that is theirs on the first day, of those of whom it is known. [period from it]
    """

    agreed: Agreements
    since: Mapping[str, float]

    def of(self, book: Book, csm: int) -> Agreed | None:
        """What is agreed with the CSM at this position of a book; None where nothing is."""
        return self.agreed.get(book.csms[csm])


def persons_of(people: People | None, calendar: Calendar, dated: bool = False) -> Persons:
    """What a people file says. dated : as ``sim.agreed.agreed_of`` has it."""
    if people is None:
        return Persons({}, {})
    names = dict.fromkeys(people.csm)
    since = {csm: since_of(stints(csm, people, calendar)[0].first, calendar) for csm in names}
    return Persons(
        {csm: agreed_of(csm, people, calendar, dated) for csm in names},
        {csm: day for csm, day in since.items() if day is not None},
    )


def _strangers(people: People, book: Book) -> Iterator[Problem]:
    known = set(book.csms)
    for entry, csm in enumerate(people.csm):
        if csm not in known:
            where = f"{people.path}, row {people.row[entry]}, column csm"
            fix = near_match(csm, book.csms)
            yield Problem(where, f"a CSM of the book ({book.csms[0]} to {book.csms[-1]})", shown(csm), fix)


def _who_leave(people: People, calendar: Calendar) -> Iterator[Problem]:
    """People who do not hold their seat from the first day of the horizon to its end."""
    for csm in dict.fromkeys(people.csm):
        held = stints(csm, people, calendar)
        if len(held) > 1 or held[0].first > 0.0 or held[0].beyond < calendar.end:
            row = people.row[people.of(csm)[0]]
            allowed = f"in the seat from {calendar.start} on"
            yield Problem(f"{people.path}, row {row}", allowed, f"other days of {csm!r}", WHO_LEAVES)
