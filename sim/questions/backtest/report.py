"""What reports show of a backtest."""

from collections.abc import Iterator

from sim.questions.backtest.figures import fans, pay_ranges, percentiles
from sim.questions.backtest.findings import in_parts, of_coverage, skilled
from sim.questions.backtest.summary import WHATS, Backtest
from sim.questions.backtest.tables import by_period, companies, coverage, csms, cuts, evidence, skills, there
from sim.shapes.report import Said
from sim.shapes.section import Section
from sim.shapes.words import counted

CALIBRATED = "At each cut the scenario was estimated from what was known then, and nothing else."
NOT_CALIBRATED = (
    "The scenario is the same at every cut, and was given: where it was made with a knowledge of what followed, the test is "
    "less than it seems."
)
SURVIVORS = (
    "Who has renewed before leaves more rarely: the odds of each account are its segment's, given how often it has renewed "
    "in the history. Who holds an account is who held it on the day; later transfers are the forecast's error."
)
TIES = "Ties are decided by a keyed number: percentiles are the same in every run."


def backtest_short(found: Backtest) -> Iterator[Said]:
    """The verdict, sentence by sentence."""
    keys = ("company", "csms", "skill", "evidence")
    parts = in_parts(found.cuts, found.skills, found.tests, found.p)
    yield from (Said(key, sentence) for key, sentence in zip(keys, parts, strict=True) if sentence)


def backtest_sections(found: Backtest) -> Iterator[Section]:
    """The company, its CSMs, where actuals lie, what the forecast is worth, and what it rests on."""
    company, inside, worth, refuted = in_parts(found.cuts, found.skills, found.tests, found.p)
    figures = (fans(found, what) for what in WHATS)
    yield Section(
        "company",
        "Forecast and actual",
        company,
        tuple(each for each in figures if each is not None),
        tuple(companies(found)),
        open=True,
    )
    ranges = pay_ranges(found.cuts[0]) if len(found.cuts) == 1 else None
    tables = there(*(csms(found, what) for what in WHATS), by_period(found))
    if tables:
        yield Section("csms", "CSM by CSM", inside, () if ranges is None else (ranges,), tables)
    bins = percentiles(found)
    yield Section(
        "coverage",
        "Where the actuals lie in their forecasts",
        of_coverage(found),
        () if bins is None else (bins,),
        there(coverage(found)),
        open=True,
    )
    worths = skills(found)
    if worths:
        yield Section(
            "skill", "What the forecast is worth", skilled(found) or worth, tables=worths, open=True
        )
    yield Section("evidence", "Is the forecast refuted?", refuted, tables=there(evidence(found)), open=True)
    yield Section("cuts", "What was known", known(found), tables=there(cuts(found)), rests=_rests(found))


def known(found: Backtest) -> str:
    """How many cuts, and until when the history tells what followed."""
    return (
        f"{counted(len(found.cuts), 'forecast')} of {counted(found.cuts[0].periods, found.period)} each; the history tells "
        f"of {found.told_until} last."
    )


def _rests(found: Backtest) -> tuple[str, ...]:
    return (CALIBRATED if found.calibrated else NOT_CALIBRATED, SURVIVORS, TIES)
