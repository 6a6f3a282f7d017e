"""What was run: enough to run it again and to tell two results apart."""

import numpy as np

from sim.engine.study import Study
from sim.summary.facts import Facts, Normalised
from sim.version import __version__
from sim.world.book import Book
from sim.world.book_source import BookSource
from sim.world.streams import DRAW_PLAN


def origin_of(source: BookSource) -> str:
    """Where the book comes from: ``read`` from a file, ``drawn anew`` in every world, or ``drawn once`` and held in all."""
    if source.file is not None:
        return "read"
    return "drawn anew" if source.drawn_anew else "drawn once"


def study_facts(study: Study, book: Book) -> Facts:
    """What was run: enough to run it again and to tell two results apart."""
    scenario = study.scenario
    scaled = None if study.normalised is None else study.normalised.told
    return Facts(
        name=study.name,
        title=study.title or None,
        seed=study.seed,
        worlds=study.worlds,
        csms=len(book.csms),
        accounts=len({book.customers[account] for account in np.flatnonzero(~book.arrival)}),
        book=origin_of(scenario.book),
        periods=scenario.periods,
        period_months=scenario.period_months,
        years=scenario.calendar.years,
        start=scenario.start.isoformat(),
        hash=study.hash,
        version=__version__,
        draw_plan=DRAW_PLAN,
        scenario=scenario.name,
        baseline=study.baseline,
        budget=study.budget,
        on_cost=scenario.employer.on_cost,
        normalised=None if scaled is None else Normalised(**scaled),
    )
