"""Moves of a scenario's inputs: declared in a file, applied to every number they name, kept within what makes sense."""

from collections.abc import Sequence
from itertools import groupby
from math import log
from typing import Annotated, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.errors import InputError, Problem
from sim.files.toml import Table, check, refuse
from sim.world.book import Book
from sim.world.document import Document, document_of, get, put, tables_of
from sim.world.place import Key, Place, UnknownInputError, places
from sim.world.scenario import Scenario
from sim.world.shift import shift_odds
from sim.world.stack import arrays_in, merged, put_in

OPERATIONS: Final = ("times", "odds", "add", "set", "at_least")
FULL: Final = 0.99
"""Shares that must leave room for others may take this much together."""
DRAWN: Final = ("csms", "arr", "term_months", "due")
"""Keys of a segment that only matter where the book is drawn."""


class Change(Table):
    """One move: ``input`` and exactly one of the operations.

    input    : dotted path, as ``sim.world.place`` reads it.
    times    : factor on the value.
    odds     : factor on the odds of a probability; 1 leaves it, 0 and 1 stay.
    add      : added to the value.
    set      : the value itself.
    at_least : the value is raised to this, where it is below.
    """

    input: Annotated[str, Field(min_length=1, max_length=400)]
    times: Annotated[float, Field(ge=0.0, le=1e6)] | None = None
    odds: Annotated[float, Field(ge=1e-6, le=1e6)] | None = None
    add: Annotated[float, Field(ge=-1e12, le=1e12)] | None = None
    set: Annotated[float, Field(ge=-1e12, le=1e12)] | None = None
    at_least: Annotated[float, Field(ge=-1e12, le=1e12)] | None = None

    @model_validator(mode="after")
    def _one_operation(self) -> Self:
        given = [name for name in OPERATIONS if getattr(self, name) is not None]
        if len(given) != 1:
            raise refuse(f"a move with one of {list(OPERATIONS)}", given or None)
        return self

    def moved(self, value: float | None) -> float | None:
        """The value after the move, before any bound; None where there is none to move."""
        if self.set is not None:
            return self.set
        if value is None:
            return self.at_least
        if self.times is not None:
            return value * self.times
        if self.odds is not None:
            return shift_odds(value, log(self.odds)) if 0.0 <= value <= 1.0 else value
        if self.add is not None:
            return value + self.add
        assert self.at_least is not None
        return max(value, self.at_least)


class Effect(NamedTuple):
    """What became of one number. ``held``: a bound kept it from moving as far as asked; ``unused``: nothing reads it here.

    before, after : None where an optional number is left out.
    """

    path: str
    before: float | None
    after: float | None
    held: bool
    unused: bool


class Moved(NamedTuple):
    """A scenario after its moves."""

    scenario: Scenario
    effects: tuple[Effect, ...]


def move_scenario(scenario: Scenario, changes: Sequence[Change], where: str) -> Moved:
    """The scenario after the changes, one after the other, and what became of each number.

    Values stay within their own bounds. Shares that sum to one (lag bands, terms, quarters) keep their sum: the others
    make room in proportion. Loadings of the dependence, win-back tiers, and contraction with uplift stay below one
    together. Counts move by one at least.

    where : names the file in sentences.

    Raises: InputError for paths that lead nowhere, and when what comes out is no scenario.
    """
    problems: list[Problem] = []
    effects: dict[str, Effect] = {}
    for index, change in enumerate(changes):
        try:
            scenario = _apply(scenario, change, effects, f"{where} makes {scenario.source}")
        except UnknownInputError as error:
            problems.append(
                Problem(f"{where}: change[{index}].input", error.allowed, repr(error.received), error.fix)
            )
    if problems:
        raise InputError(problems)
    return Moved(scenario, tuple(effects.values()))


def _apply(scenario: Scenario, change: Change, effects: dict[str, Effect], where: str) -> Scenario:
    document = document_of(scenario)
    found = places(scenario, change.input)
    held = _move(document, found, change)
    moved = check(Scenario, tables_of(document), where)
    moved._origin = scenario._origin
    if scenario.draws is not None:
        moved._draws = scenario.draws.on(_moved_stack(scenario, found, change))
    drawn_only = scenario.book.file is not None
    for place in found:
        before = effects[place.path].before if place.path in effects else place.value
        unused = drawn_only and len(place.keys) > 2 and place.keys[2] in DRAWN
        after = get(document, place.keys)
        effects[place.path] = Effect(place.path, before, after, place.path in held, unused)
    return moved


def _moved_stack(scenario: Scenario, found: Sequence[Place], change: Change) -> Scenario:
    """The stack of a scenario's draws after the move, which is made in each of them."""
    stack, document, drawn = scenario.stack, document_of(scenario), dict(arrays_in(scenario.stack))
    touched = dict.fromkeys(place.keys for place in found)
    for group in (group for place in found if (group := _group(place)) is not None):
        touched |= dict.fromkeys(_members(document, *group))
    plain = {keys: get(document, keys) for keys in touched}
    rows = []
    for draw in range(len(scenario.draws or ())):
        for keys, value in plain.items():
            put(document, keys, value)
        for keys, values in drawn.items():
            put(document, keys, float(values[draw]))
        _move(document, found, change)
        rows.append([get(document, keys) for keys in touched])
    for keys, column in zip(touched, zip(*rows, strict=True), strict=True):
        if column[0] is not None:
            stack = put_in(stack, keys, merged(column))
    return stack


def _move(document: Document, found: Sequence[Place], change: Change) -> set[str]:
    """Move numbers of a document; the paths of those that are held back."""
    held: set[str] = set()
    for place in found:
        before = get(document, place.keys)
        wanted = change.moved(before)
        value = None if wanted is None else place.nearest(wanted)
        if place.whole and before is not None and value is not None:
            value = _whole(before, value)
        if (
            wanted is not None
            and value is not None
            and abs(value - wanted) > (0.5 + 1e-9 if place.whole else 1e-12)
        ):
            held.add(place.path)
        put(document, place.keys, value)
    for group, members in groupby(sorted(found, key=lambda each: str(_group(each))), key=_group):
        if group is not None:
            held |= _make_room(document, group, list(members))
    return held


def _whole(before: float, value: float) -> int:
    """A count after a move: rounded, and moved by one at least where it moves at all."""
    rounded = round(value)
    if rounded == before and value != before:
        rounded += 1 if value > before else -1
    return max(rounded, 0)


def _group(place: Place) -> tuple[str, tuple[Key, ...]] | None:
    """The kind and place of the numbers that this one must leave room for; None where it stands alone."""
    keys = place.keys
    if keys[0] == "dependence" and keys[1] in ("market", "skill", "health"):
        return "loadings", keys[:1]
    if keys[0] != "segment" or len(keys) < 4:
        return None
    if keys[2] == "lag" and keys[-1] == "share":
        return "filled", keys[:3]
    if keys[2] in ("term_months", "renewed_term_months"):
        return "filled", keys[:3]
    if keys[2] == "due" and keys[3] == "quarter_weights":
        return "filled", keys[:4]
    if keys[2] == "win_back" and keys[-1] == "probability":
        return "tiers", keys[:3]
    if keys[2] in ("contraction", "uplift") and keys[3] == "probability":
        return "changes", keys[:2]
    return None


def _make_room(document: Document, group: tuple[str, tuple[Key, ...]], moved: list[Place]) -> set[str]:
    """Bring the numbers of a group back to what they may sum to; the paths of those held back."""
    kind, at = group
    mine = {place.keys: place.path for place in moved}
    others = [keys for keys in _members(document, kind, at) if keys not in mine]
    taken = sum(get(document, keys) for keys in mine)
    rest = sum(get(document, keys) for keys in others)
    room = 1.0 if kind == "filled" else (FULL if kind == "loadings" else 1.0) - rest
    held: set[str] = set()
    if taken > room or (kind == "filled" and rest == 0.0 and taken > 0.0 and taken != room):
        for keys in mine:
            put(document, keys, get(document, keys) * max(room, 0.0) / taken)
        held, taken = set(mine.values()), room
    if kind == "filled" and rest > 0.0:
        for keys in others:
            put(document, keys, get(document, keys) * (1.0 - taken) / rest)
    return held


def _members(document: Document, kind: str, at: tuple[Key, ...]) -> list[tuple[Key, ...]]:
    """Where the numbers of a group stand."""
    if kind == "loadings":
        return [(*at, name) for name in ("market", "skill", "health")]
    if kind == "changes":
        return [(*at, name, "probability") for name in ("contraction", "uplift")]
    node = get(document, at)
    if isinstance(node, dict):
        return [(*at, key) for key in node]
    name = {"lag": "share", "win_back": "probability"}.get(str(at[-1]))
    return [(*at, index) if name is None else (*at, index, name) for index in range(len(node))]


def moved_churn(book: Book, changes: Sequence[Change], scenario: Scenario) -> NDArray[np.float64] | None:
    """Churn probabilities of a CRM export after the changes that move churn; None where it gives none. [account]"""
    given = book.given.get("churn_probability")
    if given is None:
        return None
    out = given.copy()
    for change in changes:
        moving = {
            int(place.keys[1])
            for place in places(scenario, change.input)
            if place.keys[0] == "segment" and place.keys[2:] == ("churn", "probability")
        }
        for index in np.flatnonzero(np.isin(book.segment, list(moving)) & ~np.isnan(given)):
            wanted = change.moved(float(out[index]))
            assert wanted is not None, "a probability is given"
            out[index] = min(max(wanted, 0.0), 1.0)
    return out
