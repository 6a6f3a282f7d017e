"""A plan with some of its values changed, by their paths in the plan file: checked again as a whole."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final, TypeVar

from sim.errors import InputError, Problem, near_match, shown
from sim.files.toml import Table, check, frozen
from sim.plan.interval import Interval, read_interval

STEP: Final = re.compile(r"\.?([^.\[\]]+)|\[(\d{1,9})\]")
CURVE: Final = "curve"
FOLLOWS: Final = {"ote": "base_salary", "pay_mix": "base_salary"}
"""What a plan has in its ``pay`` since it follows from another key there, and is left out once that one is changed."""
ATTAINMENT: Final = "attainment"

Path = tuple[str | int, ...]
Document = dict[str, Any]
T = TypeVar("T", bound=Table)


def altered(plan: T, changes: Mapping[str, object], source: str) -> T:
    """The plan with other values at these paths, such as ``component.renewals.quota.rate`` or
    ``component[0].curve[1].attainment``; a component is named by its name or its place.

    An interval of a curve may be given as text, or by its left end alone; the pieces beside it move along, so that the
    curve still covers everything once. The place behind the last entry of an array adds one: a rule, or a piece that begins
    inside the last one. None leaves a key out, as a file does. A salary that follows from OTE and pay mix follows their
    changes.
    source : what the sentences call it.

    Raises: InputError with every path that leads nowhere, or else every problem of the plan as changed.
    """
    document, usual = plain(plan.model_dump(exclude_unset=True)), plain(plan.model_dump())
    for path in changes:
        table, _, key = path.partition(".")
        if table == "pay" and key in FOLLOWS and f"{table}.{FOLLOWS[key]}" not in changes:
            document.get(table, {}).pop(FOLLOWS[key], None)
    problems: list[Problem] = []
    for path, value in changes.items():
        try:
            _put(document, usual, path_of(path), value, path)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return check(type(plan), frozen(document), source)


def path_of(text: str) -> Path:
    """The steps of a path: names, and places in an array.

    Raises: InputError when it is not a path.
    """
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        step = STEP.match(text, at)
        if step is None or (at == 0 and text[0] in ".["):
            raise InputError([Problem(text, "a path such as component.renewals.quota.rate", shown(text))])
        steps.append(step[1] if step[1] is not None else int(step[2]))
        at = step.end()
    if not steps:
        raise InputError([Problem("a path", "such as component.renewals.quota.rate", "an empty one")])
    return tuple(steps)


def value_at(plan: Table, path: str) -> Any:
    """The value at a path, whether the plan's file states it or leaves it at its default; of an interval its left end.

    Raises: InputError when the path leads nowhere.
    """
    value: Any = plain(plan.model_dump())
    for step in path_of(path):
        value = _step(value, step, path)
    if isinstance(value, str) and (interval := read_interval(value)) is not None:
        return interval.left
    return value


def _put(document: Document, usual: Any, path: Path, value: object, written: str) -> None:
    """Put a value at a path. usual : the document with everything that it leaves out."""
    *way, last = path
    at: Any = document
    for number, step in enumerate(way):
        usual = _usual(usual, step)
        if isinstance(at, dict) and step not in at and isinstance(step, str):
            # A table or array that the file leaves out; whether there is such a table is checked with the whole.
            empty: Any = [] if isinstance(path[number + 1], int) else {}
            at[step] = deepcopy(usual) if isinstance(usual, list) else empty
        elif isinstance(at, list) and step == len(at):
            at.append({})
        before, at = at, _step(at, step, written)
        if step == CURVE and path[number + 2 :] == (ATTAINMENT,):
            index = path[number + 1]
            before[CURVE] = _with_piece(at, index, value, written)
            return
    if isinstance(at, list):
        if last == len(at):
            at.append(value)
        at[_place(at, last, written)] = value
    elif isinstance(at, dict) and value is None:
        at.pop(last, None)
    elif isinstance(at, dict):
        at[last] = value
    else:
        raise _nowhere(written, [])


def _usual(at: Any, step: str | int) -> Any:
    """What stands there in the whole document; None where nothing does."""
    try:
        return _step(at, step, "")
    except InputError:
        return None


def _step(at: Any, step: str | int, written: str) -> Any:
    if isinstance(at, list):
        return at[_place(at, step, written)]
    if isinstance(at, dict) and step in at:
        return at[step]
    raise _nowhere(written, list(at) if isinstance(at, dict) else [], str(step))


def _place(items: list[Any], step: str | int, written: str) -> int:
    """The place of an entry of an array, by number or by its name."""
    if isinstance(step, int):
        if step < len(items):
            return step
        raise _nowhere(written, [f"[0] to [{len(items) - 1}]"])
    names = [str(item.get("name", "renewals")) if isinstance(item, dict) else "" for item in items]
    if step in names:
        return names.index(step)
    raise _nowhere(written, names, step)


def _nowhere(written: str, known: list[str], step: str = "") -> InputError:
    allowed = f"a path that leads to a value; there are {known}" if known else "a path that leads to a value"
    return InputError([Problem(written, allowed, shown(step or written), near_match(step, known))])


def _with_piece(pieces: list[Document], index: str | int, value: object, written: str) -> list[Document]:
    """The curve with one piece over another interval, and those beside it up to its ends; or with one more behind the last,
    of which it takes the end.
    """
    if index == len(pieces):
        last = read_interval(str(pieces[-1][ATTAINMENT])) if pieces else None
        pieces = [*pieces, {ATTAINMENT: str(value) if last is None else _written(last)}]
    place = _place(pieces, index, written)
    intervals = [read_interval(str(piece[ATTAINMENT])) for piece in pieces]
    old = intervals[place]
    if isinstance(value, str):
        new = read_interval(value)
    elif isinstance(value, int | float) and not isinstance(value, bool) and old is not None:
        new = old._replace(left=float(value))
    else:
        new = None
    if new is None or old is None:
        raise InputError([Problem(written, "an interval such as '[0.9, 1)', or its left end", shown(value))])
    changed = [dict(piece) for piece in pieces]
    changed[place][ATTAINMENT] = _written(new)
    if place > 0 and (before := intervals[place - 1]) is not None and new[::2] != old[::2]:
        ended = before._replace(right=new.left, owns_right=not new.owns_left)
        changed[place - 1][ATTAINMENT] = _written(ended)
    if place + 1 < len(pieces) and (after := intervals[place + 1]) is not None and new[1::2] != old[1::2]:
        begun = after._replace(left=new.right, owns_left=not new.owns_right)
        changed[place + 1][ATTAINMENT] = _written(begun)
    return changed


def plain(value: Any) -> Any:
    """As a file would state it, with arrays that can be changed."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def _written(interval: Interval) -> str:
    """The interval as a plan file states it, its ends in full."""
    text = str(interval)
    if read_interval(text) == interval:
        return text
    opening, closing = "[" if interval.owns_left else "(", "]" if interval.owns_right else ")"
    return f"{opening}{interval.left!r}, {interval.right!r}{closing}"
