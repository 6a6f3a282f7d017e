"""Role sets: who is paid on the customer base, each on a plan of their own. A plan file is the set of one role, the CSM."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import Field, field_validator

from sim.errors import InputError, Problem, near_match, shown
from sim.files.share import Share
from sim.files.toml import Table, check, read_toml, refuse
from sim.plan.bounds import Text, Title
from sim.plan.plan import About, Plan, load_plan

CSM: Final = "csm"
"""The role of a plan file: one payee for each book, who holds it."""
MOST_ROLES: Final = 20

Name = Annotated[str, Field(min_length=1, max_length=80)]
T = TypeVar("T")


class RoleTable(Table):
    """One role as its file declares it.

    name         : of the role; ``"csm"`` holds the books.
    plan         : path of its plan, relative to the role set.
    books        : most books a payee is paid on; the books of a segment are dealt out evenly. [book]
    segments     : only books of these segments; all where left out.
    salary_share : share of the base salary that is spent on the customer base, and counted. [share]
    holds_book   : the payees are the CSMs who hold the books, so that a book without one has no payee.
    """

    name: Name
    plan: Annotated[str, Field(min_length=1, max_length=1000)]
    books: Annotated[int, Field(ge=1, le=100_000)] = 1
    segments: tuple[str, ...] = ()
    salary_share: Share = 1.0
    holds_book: bool = False

    @field_validator("name")
    @classmethod
    def _names_a_role(cls, name: str) -> str:
        if not all(letter.isalnum() or letter in "-_" for letter in name):
            raise refuse("letters, digits, '-' and '_'", name)
        return name

    @field_validator("holds_book")
    @classmethod
    def _one_book(cls, holds_book: bool, values: Any) -> bool:
        books = values.data.get("books", 1)
        if holds_book and books != 1:
            raise refuse("false for a role with several books", True, "Whoever holds a book holds one.")
        return holds_book


class RoleSetTable(Table):
    """A role set as its file declares it.

    name, title : what results call the role set.
    role        : everybody who is paid, role by role.
    """

    name: Text
    title: Title = ""
    about: About = About()
    role: Annotated[tuple[RoleTable, ...], Field(min_length=1, max_length=MOST_ROLES)]

    @field_validator("role")
    @classmethod
    def _differ(cls, role: tuple[RoleTable, ...]) -> tuple[RoleTable, ...]:
        names = [each.name for each in role]
        if len(set(names)) < len(names):
            raise refuse("roles of different names", names)
        return role


@dataclass(frozen=True)
class Role:
    """Who earns on which books. As in ``RoleTable``, with the plan that ``path`` holds."""

    name: str
    plan: Plan
    path: Path
    books: int = 1
    segments: tuple[str, ...] = ()
    salary_share: float = 1.0
    holds_book: bool = False


@dataclass(frozen=True)
class RoleSet:
    """Everybody who is paid on the customer base: what a study compares.

    path  : the role set's file, or the plan's.
    plain : read from a plan file.
    """

    path: Path
    name: str
    title: str
    roles: tuple[Role, ...]
    plain: bool
    not_modelled: tuple[str, ...]

    def within(self, segment: str) -> "RoleSet":
        """The role set of a company that has no other segment: roles of others are not needed."""
        return replace(
            self, roles=tuple(role for role in self.roles if not role.segments or segment in role.segments)
        )

    def content(self) -> Any:
        """What decides its results, for a hash; of a plan file the plan."""
        if self.plain:
            return self.roles[0].plan.model_dump(mode="json")
        keys = ("name", "books", "segments", "salary_share", "holds_book")
        roles = [
            {key: getattr(role, key) for key in keys} | {"plan": role.plan.model_dump(mode="json")}
            for role in self.roles
        ]
        return {"name": self.name, "role": roles}


def load_role_set(path: Path) -> RoleSet:
    """Read a role set and its plans; or a plan, as the role set of one CSM a book.

    Raises: InputError with every problem of the files.
    """
    document = read_toml(path)
    if "role" not in document or "component" in document:
        plan = load_plan(path)
        role = Role(CSM, plan, path, holds_book=True)
        return RoleSet(path, plan.name, plan.title, (role,), True, plan.about.not_modelled)
    table = check(RoleSetTable, document, str(path))
    problems: list[Problem] = []
    roles = []
    for index, each in enumerate(table.role):
        plan_path = path.parent / each.plan
        its_plan = attempt(problems, load_plan, plan_path, f"{path}: role[{index}].plan")
        if its_plan is not None:
            size = (each.books, each.segments, each.salary_share, each.holds_book)
            roles.append(Role(each.name, its_plan, plan_path, *size))
    if problems:
        raise InputError(dict.fromkeys(problems))
    not_modelled = [
        *table.about.not_modelled,
        *(text for each in roles for text in each.plan.about.not_modelled),
    ]
    return RoleSet(path, table.name, table.title, tuple(roles), False, tuple(dict.fromkeys(not_modelled)))


def attempt(problems: list[Problem], read: Callable[[Path], T], path: Path, where: str = "") -> T | None:
    """What ``read`` makes of a file; None, and its problems added, when it cannot be used.

    where : file and key that name the path, for the sentence when there is nothing at it.
    """
    try:
        return read(path)
    except InputError as error:
        absent = where and not os.path.lexists(path)
        nothing = Problem(where, "an existing file", f"nothing at {path}")
        problems += [nothing] if absent else error.problems
        return None


def check_role_sets(where: str, sets: list[RoleSet], segments: list[str] | None) -> list[Problem]:
    """What is wrong between role sets, and between them and the segments of a scenario, if it could be read."""
    problems = [
        Problem(where, "plans of different names", f"{count} plans named {name!r}", "Rename one of them.")
        for name, count in Counter(role_set.name for role_set in sets).items()
        if count > 1
    ]
    for each in sets:
        for role in each.roles:
            where = f"{each.path}: role {role.name}, segments"
            problems += [
                Problem(where, f"among {segments}", shown(name), near_match(name, segments))
                for name in role.segments
                if segments is not None and name not in segments
            ]
    return problems
