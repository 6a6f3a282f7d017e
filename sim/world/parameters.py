"""Every number that the worlds of a scenario are drawn from, by draw of what is not known; and that of a block of worlds."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.records import IntP
from sim.world.arrivals import Arrivals, make_arrivals
from sim.world.book import Book
from sim.world.frailty import churn_is_drawn, churn_tables, differ, mean_churn
from sim.world.laws import SHAPE as SHAPE_OF_LAWS
from sim.world.laws import Floats, Laws, Loadings, Singles, make_laws, make_loadings, spread, squared, taken
from sim.world.origin import Origin, make_origin
from sim.world.scenario import Scenario


class Parameters(NamedTuple):
    """Numbers by draw; once the worlds of a block are told, by world. Tables with a first axis [draw] keep it.

    draw        : of each world. [world]
    persistence, renewal : phi and sqrt(1 - phi^2) of the market. [draw | world]
    churn_score : normal score of the churn probability under contracts of a term; NaN where accounts differ. Of length 1
                  where all draws are alike. [segment, term, draw | world]
    churn       : where they differ, by an account's place among its segment's. [draw, segment, term, knot]
    notice      : longest notice. [segment, draw | world] [day]
    ready_early, holdable : as in ``sim.world.segment.Movable``. [segment, draw | world] [share]
    """

    draw: IntP
    laws: Laws
    load: Loadings
    origin: Origin
    arrivals: Arrivals
    persistence: Floats
    renewal: Floats
    churn_score: Singles
    churn: Singles
    notice: NDArray[np.int64]
    ready_early: Floats
    holdable: Floats

    def of_worlds(self, draw: IntP) -> "Parameters":
        """The same of worlds that live on these draws. [world]"""
        laws = {
            name: values if name in SHAPE_OF_LAWS else taken(values, draw)
            for name, values in self.laws._asdict().items()
        }
        o = self.origin
        return Parameters(
            draw,
            Laws(**laws),
            Loadings(*(taken(each, draw) for each in self.load)),
            Origin(taken(o.arr_mean, draw), taken(o.arr_sigma, draw), taken(o.term_upto, draw), o.months),
            Arrivals(*(taken(each, draw) for each in self.arrivals)),
            taken(self.persistence, draw),
            taken(self.renewal, draw),
            self.churn_score if self.churn_score.shape[-1] == 1 else taken(self.churn_score, draw),
            self.churn,
            taken(self.notice, draw),
            taken(self.ready_early, draw),
            taken(self.holdable, draw),
        )


def make_parameters(scenario: Scenario, book: Book) -> Parameters:
    """Of a scenario and its draws; [draw] is an axis of length 1 where it has none.

    A book that is drawn once, and held in all worlds, is drawn by the scenario's own numbers: it is known.
    """
    stack, draws = scenario.stack, 1 if scenario.draws is None else len(scenario.draws)
    contracts = (stack, draws) if scenario.book.drawn_anew else (scenario.without_draws, 1)
    phi = stack.market.persistence
    segments = stack.segment
    return Parameters(
        np.arange(draws, dtype=np.int64),
        make_laws(stack, book.terms, draws),
        make_loadings(stack, draws),
        make_origin(contracts[0], book.terms, contracts[1]),
        make_arrivals(stack, book.terms, draws),
        spread(phi, draws),
        np.sqrt(1.0 - spread(squared(phi), draws)),
        _scores(stack, book, draws),
        churn_tables(stack, book.terms, draws),
        np.array([spread(each.notice_days, draws) for each in segments]).astype(np.int64),
        np.array([spread(each.movable.ready_early, draws) for each in segments]),
        np.array([spread(each.movable.holdable, draws) for each in segments]),
    )


def _scores(stack: Scenario, book: Book, draws: int) -> Singles:
    """As ``Parameters.churn_score``, of contracts that the segment's accounts can hold."""
    from scipy.special import ndtri

    width = draws if churn_is_drawn(stack) else 1
    score = np.empty((len(stack.segment), len(book.terms), width))
    for index, segment in enumerate(stack.segment):
        for place, months in enumerate(book.terms):
            met = bool(book.given) or months in segment.terms
            mean = spread(mean_churn(segment, months), width)
            score[index, place] = np.where(differ(segment, months) & met, np.nan, ndtri(mean))
    return score.astype(np.float32)
