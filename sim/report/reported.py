"""What every medium shows of a result: the sections and sentences of all its questions, in reading order."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sim.questions.backtest.report import backtest_sections, backtest_short
from sim.questions.backtest.summary import Backtest
from sim.questions.reforecast.report import reforecast_sections, reforecast_short
from sim.questions.reforecast.summary import Reforecast
from sim.questions.registry import QUESTIONS, typed
from sim.questions.search.report import search_sections, search_short
from sim.questions.search.summary import SearchSuite
from sim.questions.stress.report import stress_sections, stress_short
from sim.questions.stress.summary import StressSuite
from sim.questions.sweep.report import sweep_sections, sweep_short
from sim.questions.sweep.summary import SweepSuite
from sim.shapes.report import Report, Said
from sim.shapes.section import Section
from sim.shapes.words import counted, of_book, worlds_of
from sim.summary.facts import Facts

Document = dict[str, Any]


def reported(document: Document) -> Report:
    """The report of a run, a stress suite, a search or a sweep, from the content of its JSON file."""
    if "stresses" in document:
        return reported_suite(StressSuite.model_validate(document))
    if "finalists" in document:
        return reported_search(SearchSuite.model_validate(document))
    if "as_of" in document:
        return reported_forecast(Reforecast.model_validate(document))
    if "swept" in document:
        return reported_sweep(SweepSuite.model_validate(document))
    if "coverage90" in document:
        return reported_backtest(Backtest.model_validate(document))
    summary = typed(document)
    study = summary.study
    sections = (section for question in QUESTIONS for section in question.sections(summary))
    marked = (
        replace(section, tables=tuple(table.marked(summary.fragile) for table in section.tables))
        for section in sections
    )
    size = f"{_company(study)}, {worlds_of(study)}"
    said = (each for question in QUESTIONS for each in question.short(summary))
    return _report(
        study, "Compensation plan report", study.title or study.name, size, summary.plans, said, marked
    )


def reported_suite(suite: StressSuite) -> Report:
    """The report of a stress suite."""
    study = suite.study
    return _report(
        study,
        "Stress test of compensation plans",
        f"{study.title or study.name}: stress",
        f"{_company(study)}, {counted(suite.worlds, 'world')} a stress{of_book(study)}, the same random "
        "numbers in all of them",
        suite.plans,
        stress_short(suite),
        stress_sections(suite),
    )


def reported_search(suite: SearchSuite) -> Report:
    """The report of a search."""
    study = suite.study
    return _report(
        study,
        "Search over the clauses of a plan",
        f"{study.title or study.name}: search",
        f"{_company(study)}, {counted(suite.worlds, 'world')} searched and {suite.fresh_worlds:,} fresh ones"
        f"{of_book(study)}",
        (suite.plan, *suite.finalists),
        search_short(suite),
        search_sections(suite),
    )


def reported_forecast(found: Reforecast) -> Report:
    """The report of a forecast in mid-year."""
    study = found.study
    return _report(
        study,
        "Forecast in mid-year",
        f"{study.title or study.name}: as of {found.as_of}",
        f"{_company(study)}, {worlds_of(study)}, one past in all of them",
        found.plans,
        reforecast_short(found),
        reforecast_sections(found),
    )


def reported_sweep(suite: SweepSuite) -> Report:
    """The report of a sweep or a solution."""
    study = suite.study
    solved = suite.solution is not None
    return _report(
        study,
        "A clause solved for" if solved else "Sweep over clauses of a plan",
        f"{study.title or study.name}: {', '.join(suite.vary)} of {suite.plan}",
        f"{_company(study)}, every value on the same {counted(suite.worlds, 'world')}{of_book(study)}",
        (suite.plan,),
        sweep_short(suite),
        sweep_sections(suite),
    )


def reported_backtest(found: Backtest) -> Report:
    """The report of a backtest."""
    first = found.cuts[0]
    csms = max(len({row.csm for row in cut.rows} - {None}) for cut in found.cuts)
    return Report(
        kind="Backtest of a compensation plan",
        title=f"{found.title or found.plan}: would it have been inside?",
        size=f"{counted(csms, 'CSM')}, {counted(first.accounts, 'open contract')} on {first.cut}, "
        f"{counted(len(found.cuts), 'forecast')} of {counted(found.worlds, 'world')} each, scenario: {found.scenario}",
        plans=(found.plan,),
        short=tuple(backtest_short(found)),
        sections=tuple(backtest_sections(found)),
        origin=f"csmsim {found.version}, seed {found.seed}, draw plan {found.draw_plan}",
    )


def _company(study: Facts) -> str:
    """How large the company is, and over how long."""
    return (
        f"{counted(study.csms, 'CSM')}, {counted(study.accounts, 'account')}, {study.span} from {study.start}"
    )


def _report(
    study: Facts,
    kind: str,
    title: str,
    size: str,
    plans: Iterable[str],
    short: Iterable[Said],
    sections: Iterable[Section],
) -> Report:
    return Report(
        kind=kind,
        title=title,
        size=size,
        plans=tuple(plans),
        short=tuple(said for said in short if said.sentence),
        sections=tuple(sections),
        origin=f"csmsim {study.version}, seed {study.seed}, draw plan {study.draw_plan}, hash {study.hash}",
    )
