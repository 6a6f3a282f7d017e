"""What reports show of a forecast in mid-year."""

from collections.abc import Iterator

from sim.questions.reforecast.figures import spreads
from sim.questions.reforecast.findings import accrued, at_the_end, changed, no_means, stands
from sim.questions.reforecast.summary import Reforecast
from sim.questions.reforecast.tables import bridge, known, money, periods, year_end
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section
from sim.shapes.table import Table


def reforecast_short(found: Reforecast) -> Iterator[Said]:
    """Cost at the end, what is accrued, and what has changed."""
    yield Said("year_end", at_the_end(found))
    yield Said("year_end", no_means(found))
    yield Said("accrual", accrued(found))
    yield Said("bridge", changed(found))
    yield Said("known", stands(found))


def reforecast_sections(found: Reforecast) -> Iterator[Section]:
    """Cost at the end first, then accrual, what has changed, and what it rests on."""
    note = "Light bars: P5 to P95; dark ones: the middle half; the line in them is the median."
    figures = (Figure("ranges", spreads(found), note),)
    yield Section(
        "year_end", "Cost at the end", at_the_end(found), figures, _there(year_end(found)), open=True
    )
    yield Section(
        "accrual",
        "Accrual, true-up and budget",
        accrued(found),
        tables=_there(money(found), periods(found)),
        open=True,
    )
    if (moved := bridge(found)) is not None:
        yield Section("bridge", "What has changed", changed(found), tables=(moved,), open=True)
    rests = tuple(f"Note: {each}" for each in found.notes)
    yield Section("known", "What is known", stands(found), tables=_there(known(found)), rests=rests)


def _there(*tables: Table | None) -> tuple[Table, ...]:
    return tuple(each for each in tables if each is not None)
