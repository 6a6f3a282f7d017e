"""The figure of a search: clauses and objectives side by side, a line a plan."""

from typing import Final

from sim.questions.search.findings import moved
from sim.questions.search.setting import Value
from sim.questions.search.summary import Finalist, SearchSuite
from sim.questions.search.words import clause, clauses, name_of, told
from sim.shapes.coordinates import Coordinates, Thread, Upright

MOST_BESIDE: Final = 120
"""Plans of the front that are drawn beside the finalists."""

Along = list[Value | float | None]


def coordinates(suite: SearchSuite) -> Coordinates:
    """Every finalist, the plan as it is, and the front behind them."""
    paths, wanted = list(suite.vary), suite.objectives
    today: Along = [
        *(suite.vary[path].today for path in paths),
        *(suite.today[each.path].kept for each in wanted if each.path in suite.today),
    ]
    named: dict[str, Along] = {suite.plan: today}
    named |= {
        name: [*each.values.values(), *(each.objectives[one.path].kept for one in wanted)]
        for name, each in suite.finalists.items()
        if len(each.objectives) == len(wanted)
    }
    step = -(-len(suite.front) // MOST_BESIDE)
    beside: list[Along] = [[*each.values, *each.objectives] for each in suite.front[::step]]
    count = len(paths) + len(wanted)
    lines = [line for line in (*named.values(), *beside) if len(line) == count]
    places = [_places([line[at] for line in lines]) for at in range(count)]
    lefts = [100.0 * (at + 0.5) / count for at in range(count)]
    scaled = [
        tuple((left, where[_key(value)]) for left, where, value in zip(lefts, places, line, strict=True))
        for line in lines
    ]
    axes = [
        _axis(clauses(suite)[path], left, [line[at] for line in lines], "")
        for at, (path, left) in enumerate(zip(paths, lefts, strict=False))
    ]
    for at, each in enumerate(wanted, start=len(paths)):
        numbers = [float(str(line[at])) for line in lines]
        low, high = (told(end, each.unit) for end in (min(numbers), max(numbers)))
        axes.append(Upright(name_of(each.path), lefts[at], low, high, "top" if each.large else "bottom"))
    names = [name for name, line in named.items() if len(line) == count]
    threads = tuple(
        Thread(name, _tone(suite, name), points, _spoken(suite, name))
        for name, points in zip(names, scaled, strict=False)
    )
    return Coordinates(tuple(axes), tuple(scaled[len(names) :]), threads)


def _tone(suite: SearchSuite, name: str) -> str:
    if name not in suite.finalists:
        return "today"
    return "knee" if suite.finalists[name].knee else "plan"


def _spoken(suite: SearchSuite, name: str) -> str:
    found: Finalist | None = suite.finalists.get(name)
    if found is None:
        return f"{name} as it is"
    values = [
        f"{name_of(each.path)} {told(found.objectives[each.path].value, each.unit)}"
        for each in suite.objectives
    ]
    return f"{name}: {', '.join(values)}. {moved(suite, found)}"


def _key(value: Value | float | None) -> str:
    return repr(float(str(value))) if _is_number(value) else clause(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _places(values: Along) -> dict[str, float]:
    """The place of each value from the top: numbers by size, others in the order in which they come."""
    if all(map(_is_number, values)):
        numbers = [float(str(each)) for each in values]
        low, high = min(numbers), max(numbers)
        return {
            _key(each): 50.0 if high == low else round(100.0 * (high - each) / (high - low), 2)
            for each in numbers
        }
    different = sorted({_key(each) for each in values})
    return {key: round(100.0 * (place + 0.5) / len(different), 2) for place, key in enumerate(different)}


def _axis(title: str, left: float, values: Along, wanted: str) -> Upright:
    if all(map(_is_number, values)):
        numbers = [float(str(each)) for each in values]
        return Upright(title, left, clause(min(numbers)), clause(max(numbers)), wanted)
    different = sorted({_key(each): clause(each) for each in values}.items())
    return Upright(title, left, different[-1][1], different[0][1], wanted)
