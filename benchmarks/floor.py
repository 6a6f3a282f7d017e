"""Figure: the run against the time it takes only to draw the same random words with the same generator."""

from time import thread_time
from typing import Any

import numpy as np

import sim
from benchmarks.clock import alternate
from benchmarks.engine import books
from benchmarks.question import study
from sim.engine.study import Study
from sim.kernel import kernel
from sim.world.growth import EVENT_TAG, EXPANSION_TAG
from sim.world.lanes import LANES, WORD_ROWS, draw_words
from sim.world.philox import U64
from sim.world.renewal import RENEWAL_TAG
from sim.world.streams import NUMBER_SHIFT
from sim.world.world import World

BLOCK = 512
WORDS = 4
"""Of one call of the generator."""


def measure(quick: bool) -> dict[str, Any]:
    """Ratio of processor time; and what a word costs."""
    question = study(1024 if quick else 4096)
    draws = Draws(question)
    programs = {
        "run": (lambda: sim.run(question, threads=1), books(question)),
        "draws": (draws.all, books(question)),
    }
    best = alternate(programs, rounds=2 if quick else 4)
    return {
        "rng_floor": best["run"].cpu / best["draws"].cpu,
        "words_per_book": draws.words / books(question),
        "ns_per_word": 1e9 * best["draws"].cpu * books(question) / draws.words,
    }


class Draws:
    """The words that a study draws, tile by tile into the same buffer as the run."""

    def __init__(self, question: Study) -> None:
        self.question = question
        self.world = World(question.scenario, question.seed)
        self.words = 0
        self.events = self._events()

    def _events(self) -> dict[int, int]:
        """Account-periods that grow, by CSM, per world: each draws one more group of words."""
        csms, worlds = range(len(self.world.book.csms)), min(self.question.worlds, BLOCK)
        return {csm: round(self.world.path(csm, 0, worlds).expansions.sum() / worlds) for csm in csms}

    def all(self) -> float:
        """Draw them; processor seconds."""
        start, calls = thread_time(), 0
        for first in range(0, self.question.worlds, BLOCK):
            worlds = min(BLOCK, self.question.worlds - first)
            for csm in range(len(self.world.book.csms)):
                held = self.world._held(csm, first, worlds)
                span = self.world.calendar.span
                calls += draw(
                    *self.world.key, U64(first), held.identity, held.slot, span, self.events[csm], worlds
                )
        self.words = calls * WORDS
        return thread_time() - start


@kernel
def draw(k0, k1, first_world, identities, slot, span, events, worlds) -> int:
    """Number of calls of the generator for one book."""
    w = np.empty(WORD_ROWS * LANES, dtype=np.uint32)
    groups = 0
    for tile in range(0, worlds, LANES):
        n = min(LANES, worlds - tile)
        world = first_world + U64(tile)
        for a in range(len(identities)):
            for group in range((span + 3) // 4):
                tag = EXPANSION_TAG | (U64(group) << NUMBER_SHIFT)
                draw_words(k0, k1, world, identities[a], tag, n, w)
                groups += n
            slots = slot[a + 1] - slot[a]
            for number in range(slots + 1):
                tag = RENEWAL_TAG | (U64(number) << NUMBER_SHIFT)
                draw_words(k0, k1, world, identities[a], tag, n, w)
                groups += n
                if number < slots:
                    draw_words(k0, k1, world, identities[a], tag | U64(1), n, w[4 * LANES :])
                    groups += n
        for event in range(events):
            draw_words(k0, k1, world, identities[0], EVENT_TAG | U64(event), n, w)
            groups += n
    return groups
