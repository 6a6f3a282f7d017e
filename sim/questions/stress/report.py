"""What reports show of a stress suite."""

from collections.abc import Iterator

from sim.questions.comparable import scaled_sentence, unmodelled
from sim.questions.stress.figures import broken_limits, cost_swings, heat
from sim.questions.stress.findings import (
    broken_stress,
    heat_finding,
    not_measured,
    reverse_finding,
    tornado_finding,
    without_mean,
)
from sim.questions.stress.rows import budget_is_judged
from sim.questions.stress.summary import StressSuite
from sim.questions.stress.tables import bars, breaks, cases, limits, moves, outcomes
from sim.questions.stress.words import allowed
from sim.shapes.amounts import share
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section
from sim.shapes.words import counted
from sim.summary.estimate import ALLOWED


def stress_short(suite: StressSuite) -> Iterator[Said]:
    """What is broken first."""
    yield from (Said("heat", sentence) for sentence in broken_stress(suite))
    yield Said("heat", heat_finding(suite))
    yield from (Said("heat", sentence) for sentence in without_mean(suite))
    yield from (Said("heat", sentence) for sentence in scaled_sentence(suite.study))
    if suite.tornado is not None and suite.tornado.inputs:
        yield Said("tornado", tornado_finding(suite, suite.tornado))
    if suite.reverse is not None:
        yield Said("reverse", reverse_finding(suite.reverse))


def stress_sections(suite: StressSuite) -> Iterator[Section]:
    """Every section that the suite has something to say in."""
    yield Section(
        "heat",
        "Every plan under every stress",
        " ".join([*broken_stress(suite), heat_finding(suite)]),
        tuple(_heats(suite)),
        tuple(each for each in (outcomes(suite), limits(suite)) if each is not None),
    )
    yield from _tornado(suite)
    yield from _reverse(suite)
    what = cases(suite)
    if what is not None:
        sentence = "A stress moves inputs of the scenario; the same random numbers are drawn in all of them."
        rests = tuple(unmodelled(suite.not_modelled))
        yield Section("cases", what.title, sentence, tables=(what,), open=True, rests=rests)
    numbers = moves(suite)
    if numbers is not None:
        count = sum(len(stress.moves or ()) for stress in suite.stresses.values())
        yield Section(
            "moves", numbers.title, f"{counted(count, 'number')} of the scenario moved.", tables=(numbers,)
        )


def _heats(suite: StressSuite) -> Iterator[Figure]:
    fewer = {each.worlds for _, _, each in suite.measured()} - {suite.worlds}
    notes = [
        "Changes are paired, world by world.",
        *_marks(suite),
        "–: not measured.",
        *([f"Where CSMs choose dates: over {min(fewer):,} worlds."] if fewer else []),
        *not_measured(suite),
    ]
    title = "Mean company cost under each stress, against the same plan in the scenario as it is"
    yield Figure("heat", heat(suite), " ".join(notes), title)
    if suite.limits.most:
        counts = f"{len(suite.stresses)} cases, the scenario as it is among them. ✓: kept in all. ✗: broken. ?: undecided."
        note = f"{counts} Allowed: {allowed(suite.limits)}."
        yield Figure("heat", broken_limits(suite), note, "In how many stresses each limit is broken")


def _marks(suite: StressSuite) -> Iterator[str]:
    """What the marks of the heat table say; nothing where there are none."""
    what = ["every limit"] if suite.limits.most else []
    what += (
        [f"the budget (exceeded in at most {share(ALLOWED)} of worlds)"] if budget_is_judged(suite) else []
    )
    if what:
        yield f"✓ keeps {' and '.join(what)}, ✗ does not, ? undecided by these worlds (95 %)."


def _tornado(suite: StressSuite) -> Iterator[Section]:
    if suite.tornado is None or (shape := cost_swings(suite, suite.tornado)) is None:
        return
    table = bars(suite, suite.tornado)
    note = (
        "Mean company cost from the lower to the higher end of an input's range, less that of the scenario as it is; "
        "the dot is at the lower end. All panels share one scale."
    )
    yield Section(
        "tornado",
        "What moves the cost",
        tornado_finding(suite, suite.tornado),
        (Figure("swings", shape, note),),
        () if table is None else (table,),
    )


def _reverse(suite: StressSuite) -> Iterator[Section]:
    table = None if suite.reverse is None else breaks(suite, suite.reverse)
    if suite.reverse is not None and table is not None:
        finding = reverse_finding(suite.reverse)
        yield Section("reverse", table.title, finding, tables=(table,), open=True)
