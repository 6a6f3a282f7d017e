"""The text of every file that a study consists of, with the paths under which results keep them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.engine.agreements import check_agreements, without_effect
from sim.errors import InputError
from sim.files.text import read_text
from sim.files.toml_text import naming_schema, replaced
from sim.plan.altered import plain
from sim.plan.role_set import RoleSet
from sim.world.book import make_book
from sim.world.people import people_of, persons_of
from sim.world.scenario import Scenario

BOOK_FILE: Final = "book.csv"
"""Name under which results keep the CRM export of their scenario."""
PEOPLE_FILE: Final = "people.csv"
"""Name under which they keep what is agreed with its people."""
DRAWS_FILE: Final = "posterior.parquet"
"""Name under which they keep the draws of its inputs."""


@dataclass(frozen=True)
class Files:
    """The text of every file a study consists of, so that its results can carry them and be run again.

    scenario : with the paths of its book, people and draws replaced by ``BOOK_FILE``, ``PEOPLE_FILE`` and ``DRAWS_FILE``.
    plans    : by the file's name, in the study's order; role sets with the paths of their plans replaced.
    roles    : the plans that role sets name, by their new path.
    book     : the CRM export that the scenario names, or None.
    stresses : by their new path.
    draws    : the draws of inputs that the scenario names, or None.
    people   : what is agreed with the people of the book, or None.
    """

    scenario: str
    plans: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    book: str | None
    stresses: tuple[tuple[str, str], ...] = ()
    draws: bytes | None = None
    people: str | None = None


def files_of(scenario: Scenario, scenario_path: Path, sets: list[RoleSet], stresses: list[Path]) -> Files:
    """The text of every file of a study.

    Raises: InputError when a CRM export or a people file cannot be used.
    """
    plans, roles = _plan_texts(sets)
    text = _text(scenario_path)
    asked = tuple(zip(stress_files(len(stresses)), map(_text, stresses), strict=True))
    moved: dict[tuple[str | int, ...], str] = {}
    book, read = scenario.book.file, None
    if book is not None:
        make_book(scenario)  # so that what is wrong with the CRM export is said now
        moved["book", "file"], read = BOOK_FILE, read_text(scenario.folder / book)
    people = _people(scenario, sets)
    if people is not None:
        moved["book", "people"] = PEOPLE_FILE
    if scenario.draws is not None:
        moved["uncertainty", "draws"] = DRAWS_FILE
    text = replaced(text, moved) if moved else text
    return Files(text, plans, roles, read, asked, _draws(scenario), people)


def _people(scenario: Scenario, sets: Sequence[RoleSet]) -> str | None:
    """The text of the people file; None where there is none.

    Raises: InputError when it cannot be used, or some plan asks a quota that it does not tell.
    """
    plans = [role.plan for role_set in sets for role in role_set.roles]
    if scenario.book.people is None and not any(plan.of_persons for plan in plans):
        return None
    book = make_book(scenario)
    people = people_of(scenario, book)
    if people is not None and (problems := list(without_effect(plans, people))):
        raise InputError(problems)
    check_agreements(plans, persons_of(people, scenario).agreed, book.csms, scenario)
    return None if people is None else read_text(people.path)


def _draws(scenario: Scenario) -> bytes | None:
    return None if scenario.draws is None else scenario.draws.content


Texts = tuple[tuple[str, str], ...]
"""Of files, by their names."""


def _plan_texts(sets: Sequence[RoleSet]) -> tuple[Texts, Texts]:
    """The text of every role set, and of the plans that they name; of a plan without a file as one would state it."""
    plans: list[tuple[str, str]] = []
    roles: list[tuple[str, str]] = []
    for number, role_set in enumerate(sets, start=1):
        if not role_set.path.is_file():  # a plan that was made without one
            plans.append((f"{number:03d}.toml", role_set.roles[0].plan.to_toml()))
            continue
        text = _text(role_set.path)
        if not role_set.plain:
            text, named = _beside_plans(text, role_set, f"roles/{number:03d}")
            roles += named
        plans.append((role_set.path.name, text))
    return tuple(plans), tuple(roles)


def texts_of(scenario: Scenario, sets: Sequence[RoleSet], stresses: Sequence[Path]) -> Files:
    """The text of every file of a study that was made of values: as files would state them.

    Raises: InputError when a CRM export cannot be used.
    """
    import tomlkit

    asked = tuple(zip(stress_files(len(stresses)), map(_text, stresses), strict=True))
    document = plain(scenario.model_dump(exclude_unset=True, by_alias=True))
    plans, roles = _plan_texts(sets)
    book = scenario.book.file
    if book is not None:
        make_book(scenario)  # so that what is wrong with the CRM export is said now
        document["book"]["file"] = BOOK_FILE
    if scenario.draws is not None:
        document["uncertainty"]["draws"] = DRAWS_FILE
    people = _people(scenario, sets)
    if people is not None:
        document["book"]["people"] = PEOPLE_FILE
    text = None if book is None else read_text(scenario.folder / book)
    return Files(tomlkit.dumps(document), plans, roles, text, asked, _draws(scenario), people)


def _text(path: Path) -> str:
    """The text of a TOML file; where its schema lies is told from a place that a result does not have."""
    return naming_schema(read_text(path))


def stress_files(count: int) -> tuple[str, ...]:
    """The paths under which results keep the stress files of their study."""
    return tuple(f"stresses/{number:03d}.toml" for number in range(1, count + 1))


def _beside_plans(text: str, roles: RoleSet, prefix: str) -> tuple[str, list[tuple[str, str]]]:
    """A role set's text reading its plans from ``prefix``, and those plans by their new paths."""
    moved = [f"{prefix}-{role.name}.toml" for role in roles.roles]
    files = [(path, _text(role.path)) for path, role in zip(moved, roles.roles, strict=True)]
    return replaced(text, {("role", index, "plan"): path for index, path in enumerate(moved)}), files
