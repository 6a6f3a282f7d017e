"""What reports show of what is not known of the inputs."""

from collections.abc import Iterator

from sim.questions.uncertainty.figures import input_swings, unknown_stack
from sim.questions.uncertainty.findings import unknown_finding
from sim.questions.uncertainty.summary import spreads, unknown_of
from sim.questions.uncertainty.tables import effect_table, spread_table
from sim.shapes.report import Said
from sim.shapes.section import Figure, Section
from sim.shapes.slide import MILLION, Slide, SlideChart, first_plans
from sim.summary.summary import Summary

KEY = "uncertainty"


def uncertainty_short(summary: Summary) -> Iterator[Said]:
    """How much of the spread is not known, at the head of a report."""
    if spreads(summary):
        yield Said(KEY, unknown_finding(summary))


def uncertainty_sections(summary: Summary) -> Iterator[Section]:
    """The parts of the spread of cost, and which inputs they come from."""
    if unknown_of(summary) is None:
        return
    found = [each for each in (spread_table(summary), effect_table(summary)) if each is not None]
    figures = []
    if (stack := unknown_stack(summary)) is not None:
        figures.append(
            Figure("stack", stack, "Parts of the variance of company cost.", "Not known, and luck")
        )
    if (swings := input_swings(summary)) is not None:
        note = (
            "Mean company cost as each input goes from its P5 (dot) to its P95, around its middle; the others move with it "
            "as they do in the draws. The widest of each plan; all panels share one scale."
        )
        figures.append(Figure("swings", swings, note, "Which inputs it is"))
    title, slide = "What is not known, and what is luck", _slide(summary)
    yield Section(KEY, title, unknown_finding(summary), tuple(figures), tuple(found), slide=slide)


def _slide(summary: Summary) -> Slide | None:
    """The parts of the spread of each plan's cost."""
    found = spreads(summary)
    if not found:
        return None
    names = tuple(name for name in first_plans(summary.study.baseline, tuple(found)) if name in found)
    series = (
        ("Not known", tuple(found[name].sd_unknown / MILLION for name in names)),
        ("Luck", tuple(found[name].sd_luck / MILLION for name in names)),
    )
    chart = SlideChart("bars", "Standard deviation of company cost, $M over the horizon", names, series)
    return Slide("What is not known, and what is luck", unknown_finding(summary), chart)
