"""Kept worlds: the Ledgers of every book, simulated once, so that any plan can be settled on them without simulating again.

A plan is a pure function of a Ledger. What is kept are the Ledgers of a study as its own plans, and others that are named
beforehand, read them: their cells, amounts and followed accounts. A plan that reads less is settled as it is; one that
reads more is refused.
"""

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple

from sim.engine.executor import remade
from sim.engine.pool import ALONE, Workers, spans
from sim.engine.setting import Setting, prepare
from sim.engine.simulate import aligned, block_size, open_books, settle_block
from sim.engine.study import Study, variants_of
from sim.engine.totals import Block, Totals
from sim.errors import InputError, Problem
from sim.measure.retention import RetentionTally, new_retention_tally
from sim.plan.plan import Plan
from sim.plan.role_set import CSM, Role, RoleSet
from sim.plan.settle import check_edges
from sim.records import EARLY, LATE, Ledger
from sim.world.shift import Shift

FIX = "Keep worlds that tell it apart: sim.simulate(study, also=[plan])."


class KeptBlock(NamedTuple):
    """A block of worlds. ledgers : of each variant, by CSM. retentions : of each variant, of all books."""

    first: int
    worlds: int
    ledgers: tuple[tuple[Ledger, ...], ...]
    retentions: tuple[RetentionTally, ...]


@dataclass(frozen=True, eq=False)
class KeptWorlds:
    """Worlds of a study, and what its plans and the other plans that were named read of them.

    study   : whose worlds they are.
    also    : plans beside the study's that can be settled on them.
    setting : of the study with all those plans.
    shifts  : of outcomes, under which each variant lives.
    made    : keeps them again: they travel to other processes as what they are made of, which is little.
    """

    study: Study
    also: tuple[Plan, ...]
    setting: Setting
    shifts: tuple[dict[str, Shift], ...]
    blocks: tuple[KeptBlock, ...]
    made: Callable[[], "KeptWorlds"] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """What they are made of, where that is known, and which of the blocks these are."""
        if self.made is None:
            return KeptWorlds, (self.study, self.also, self.setting, self.shifts, self.blocks)
        firsts = [block.first for block in self.blocks]
        return _again, (pickle.dumps(self.made, protocol=5), firsts)

    @property
    def worlds(self) -> int:
        """How many there are."""
        return sum(block.worlds for block in self.blocks)


def _again(recipe: bytes, firsts: list[int]) -> KeptWorlds:
    whole: KeptWorlds = remade(recipe)
    return replace(whole, blocks=tuple(block for block in whole.blocks if block.first in firsts))


def set_of(plan: Plan, study: Study) -> RoleSet:
    """A plan as the role set of one CSM a book."""
    return RoleSet(
        study.path, plan.name, plan.title, (Role(CSM, plan, study.path, holds_book=True),), True,
        plan.about.not_modelled,
    )  # fmt: skip


def keep(
    study: Study,
    worlds: int,
    workers: Workers,
    also: Sequence[Plan] = (),
    first: int = 0,
    block: int | None = None,
) -> KeptWorlds:
    """Simulate worlds and keep the Ledgers of every book.

    also  : plans beside those of the study that will be settled on them.
    first : number of the first world.
    block : worlds of a block, a multiple of 64; where left out so that every worker has one, and the first worlds, in which
            clauses are told, are a block.

    Raises: InputError as ``prepare``.
    """
    kept = nothing_kept(study, also)
    setting = kept.setting
    size = block_size(setting, worlds, workers.count)
    parts = aligned(setting, worlds, size) if block is None else spans(worlds, block)
    tasks = ((first + start, count) for start, count in parts)
    blocks = workers.in_order(_block, setting, tasks, setting.stop)
    made = None if block is None else partial(keep, study, worlds, ALONE, tuple(also), first, block)
    return replace(kept, blocks=tuple(blocks), made=made)


def nothing_kept(study: Study, also: Sequence[Plan]) -> KeptWorlds:
    """What is to be kept of the worlds of a study, and no world yet.

    Raises: InputError as ``prepare``.
    """
    widened = replace(study, sets=(*study.sets, *(set_of(plan, study) for plan in also)))
    return KeptWorlds(study, tuple(also), prepare(widened), tuple(variants_of(widened)[0]), ())


def _block(setting: Setting, task: tuple[int, int]) -> KeptBlock:
    first, worlds = task
    ledgers, retentions = [], []
    for variant in setting.variants:
        retention = new_retention_tally(setting.shape.periods, worlds)
        opened = open_books(setting, variant.world, range(setting.shape.books), first, worlds, retention)
        ledgers.append(tuple(ledger for _, ledger in opened))
        retentions.append(retention)
    return KeptBlock(first, worlds, tuple(ledgers), tuple(retentions))


def settled(
    kept: KeptWorlds, study: Study, workers: Workers, clauses: bool = False
) -> tuple[Setting, Totals]:
    """Every plan of a study settled on kept worlds; the study is that of the worlds with other plans.

    clauses : whether it is asked which clause moves pay against the baseline. It is told in the first worlds, and so only
              where these are blocks of their own, as ``keep`` has them where nobody says otherwise.

    Raises: InputError with every plan that reads what was not kept.
    """
    setting = prepare_on(kept, study, clauses)
    if not _has_first(kept, setting):
        setting = prepare_on(kept, study)
    variants, _ = variants_of(study)
    places = [kept.shifts.index(shift) for shift in variants]
    start = kept.blocks[0].first
    totals = Totals(setting.shape, kept.worlds, start)
    for block in workers.in_order(_settled, (setting, places, start), kept.blocks):
        totals.add(block)
    return setting, totals


def _settled(shared: tuple[Setting, list[int], int], block: KeptBlock) -> Block:
    setting, places, start = shared
    books = [enumerate(block.ledgers[place]) for place in places]
    retentions = [block.retentions[place] for place in places]
    return settle_block(setting, block.first - start, block.worlds, books, retentions)


def _has_first(kept: KeptWorlds, setting: Setting) -> bool:
    """Whether the first worlds of a setting are whole blocks."""
    ends = accumulate(block.worlds for block in kept.blocks)
    return kept.worlds <= setting.watch.worlds or setting.watch.worlds in ends


def prepare_on(kept: KeptWorlds, study: Study, clauses: bool = False) -> Setting:
    """The plans of a study compiled for the cells of kept worlds. clauses : as ``settled``.

    Raises: InputError with every plan that reads what was not kept.
    """
    plans = {role.plan.name: role.plan for role_set in study.sets for role in role_set.roles}
    problems = [fault for plan in plans.values() for fault in _faults(kept, plan)]
    if not all(shift in kept.shifts for shift in variants_of(study)[0]):
        problems.append(Problem("the role sets", "of the outcomes of these worlds", "of others", FIX))
    if problems:
        raise InputError(problems)
    return prepare(study, kept.setting.world, kept.setting.frame, clauses)


def _faults(kept: KeptWorlds, plan: Plan) -> Iterator[Problem]:
    """What a plan reads that was not kept."""
    where, setting = f"plan {plan.name}", kept.setting
    missing = sorted({*plan.amounts} - {*setting.amounts}) + sorted(plan.reads - setting.reads)
    if missing:
        yield Problem(where, "of what these worlds keep", f"one that reads {', '.join(missing)}", FIX)
    calendar = setting.frame.calendar
    of_books, of_company = ({*plan.cohorts(calendar, company)} for company in (False, True))
    if not (of_books <= {*setting.cohorts} and of_company <= {*setting.company}):
        yield Problem(where, "of the retention that these worlds follow", "another", FIX)
    if apart := {*plan.deals} - {*setting.deals}:
        received = f"another class of {', '.join(sorted({terms.type for terms in apart}))}"
        yield Problem(where, "of classes of deals that these worlds tell apart", received, FIX)
    for side, edges in ((EARLY, plan.early_edges), (LATE, plan.late_edges)):
        try:
            check_edges(setting.frame.cells, side, edges)
        except ValueError as error:
            yield Problem(where, "of days early and late that these worlds tell apart", str(error), FIX)
