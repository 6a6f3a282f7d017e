"""What reports show of a search."""

from collections.abc import Iterator

from sim.questions.search.figures import coordinates
from sim.questions.search.findings import best, bought, curse, held, predicted, today, tried
from sim.questions.search.summary import SearchSuite
from sim.questions.search.tables import bounds, buys, dear, finalists, front, luck, moves, settings
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section
from sim.shapes.table import Table


def search_short(suite: SearchSuite) -> Iterator[Said]:
    """What is best, what it rests on, and how it was found."""
    yield Said("finalists", best(suite))
    yield Said("finalists", today(suite))
    yield Said("finalists", held(suite))
    yield from (Said("luck", sentence) for sentence in curse(suite))
    yield Said("front", tried(suite))


def search_sections(suite: SearchSuite) -> Iterator[Section]:
    """Finalists first, then what money buys, what was luck, and how plans were tried."""
    note = (
        "A line is a plan: its clauses from the left, then what is wanted; on the worlds of the search. Strong lines are "
        "finalists, the dashed one is the plan as it is, thin ones are other plans that none beats."
    )
    yield Section(
        "finalists",
        "The finalists",
        best(suite),
        (Figure("coordinates", coordinates(suite), note),),
        _there(finalists(suite), settings(suite)),
        open=True,
    )
    if (bought_table := buys(suite)) is not None and len(suite.objectives) > 1:
        yield Section("buys", bought_table.title, bought(suite), tables=(bought_table,), open=True)
    if (measured := dear(suite)) is not None:
        yield Section("measured", measured.title, " ".join(predicted(suite)), tables=(measured,), open=True)
    yield Section(
        "luck",
        "What was luck",
        " ".join([held(suite), *curse(suite)]),
        tables=_there(luck(suite), bounds(suite)),
    )
    yield Section(
        "front",
        "How plans were tried",
        tried(suite),
        tables=_there(moves(suite), front(suite)),
        rests=_rests(suite),
    )


def _there(*tables: Table | None) -> tuple[Table, ...]:
    return tuple(each for each in tables if each is not None)


def _rests(suite: SearchSuite) -> tuple[str, ...]:
    """What the finding rests on."""
    screened = (
        f"A finalist is dropped where another plan is as good by every objective and better by one beyond chance, at 95 % "
        f"over {suite.comparisons:,} differences, or where it clearly breaks a bound; what is not told apart stays."
    )
    return (screened,)
