"""What reports show of a sweep and of a solution."""

from collections.abc import Iterator

from sim.questions.search.words import clause
from sim.questions.sweep.figures import swept_lines
from sim.questions.sweep.findings import fragile, kept, moved
from sim.questions.sweep.summary import SweepSuite
from sim.questions.sweep.tables import suite_table
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section

KEY = "sweep"


def sweep_short(suite: SweepSuite) -> Iterator[Said]:
    """What was found, how each measure moves, and what of it is not to be relied on."""
    if suite.solution is not None:
        yield Said(KEY, suite.solution.said)
    yield from (Said(KEY, moved(suite, place)) for place in range(len(suite.told)))
    yield from (Said(KEY, said) for said in (kept(suite), fragile(suite)) if said is not None)


def sweep_sections(suite: SweepSuite) -> Iterator[Section]:
    """The curve of each measure and the rows behind it."""
    told = suite_table(suite)
    title = "The value that fits" if suite.solution is not None else "What the clause does as it is varied"
    mark = "the target" if suite.solution is not None else "the budget"
    finding = moved(suite, 0) if suite.solution is None else suite.solution.said
    figures = tuple(
        Figure("lines", shape, f"Along: {suite.vary[0]}.{f' Dashes: {mark}.' if dashed else ''}")
        for shape in swept_lines(suite)
        for dashed in (any(panel.dashes for panel in shape.panels),)
    )
    today = ", ".join(
        f"{path} = {clause(value)}" for path, value in zip(suite.vary, suite.today, strict=True)
    )
    rests = (f"As it is, {suite.plan} has {today}.",)
    yield Section(KEY, title, finding, figures, (told,), open=True, rests=rests)
