"""Kept worlds as a value: simulate once, then settle, compare and sweep as many plans as one likes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.engine.agreements import TARGETS, targets_without_effect
from sim.engine.executor import Executor
from sim.engine.kept import KeptWorlds, keep, nothing_kept, set_of, settled
from sim.engine.ledger_file import ARRAYS, INDEX, read_blocks, write_blocks
from sim.engine.own_terms import own_terms
from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.errors import InputError, Problem, near_match, shown
from sim.files.manifest import read_manifest
from sim.files.place import reserved
from sim.files.result_file import vouched
from sim.plan.comparable import check_comparable, check_scaled
from sim.plan.plan import Plan, load_plan
from sim.plan.role_set import RoleSet
from sim.questions.payees.summary import PayeesOfPlan
from sim.questions.question import Answer
from sim.study.arguments import altered_study, workers_of
from sim.study.directory import write_study
from sim.study.load import load
from sim.study.results import Settled

if TYPE_CHECKING:
    from sim.study.frames import Compared

ALSO: Final = "also"
"""The folder of plans beside the study's."""
IDLE: Final = "Nobody is paid by it: the people file has a target of everybody's own. Set targets to plan, and it counts."


class Worlds:
    """Worlds of a study, kept; made by ``sim.simulate``. Every plan that is settled on them sees the same ones."""

    def __init__(self, kept: KeptWorlds, workers: Workers) -> None:
        self._kept = kept
        self._workers = workers

    def __repr__(self) -> str:
        """Short, and without what is the company's."""
        return f"Worlds({self.study.name!r}: {self._kept.worlds:,} worlds of {self.books:,} books)"

    def __len__(self) -> int:
        return self._kept.worlds

    @property
    def study(self) -> Study:
        """Whose worlds they are."""
        return self._kept.study

    @property
    def books(self) -> int:
        """How many books each world has. [count]"""
        return self._kept.setting.shape.books

    def check_varied(self, plan: Plan, paths: Iterable[str]) -> None:
        """Raises: InputError where one of these clauses of a plan is paid to nobody."""
        if problems := self._without_effect(plan, paths):
            raise InputError(problems)

    def unpaid(self, plan: Plan) -> dict[str, str]:
        """The clauses of a plan that are paid to nobody, by path, and why."""
        return {problem.where: IDLE for problem in self._without_effect(plan, TARGETS)}

    def _without_effect(self, plan: Plan, paths: Iterable[str]) -> list[Problem]:
        world = self._kept.setting.world
        people = world.persons.agreed, world.book.csms, world.calendar
        return list(targets_without_effect(plan, paths, *people))

    def settle(self, *plans: Plan | str, baseline: str | None = None, clauses: bool = True) -> Settled:
        """Settle plans on these worlds; the same figures as a run gives on them, to the last bit where the plans are those
        of the study, and to float64 rounding where bands are cut finer for others.

        plans    : plans, or names of the study's; all of the study where none is given.
        baseline : name of the plan that the others are compared with; that of the study if it is among them, or the first.
        clauses  : whether it is told which clause moves pay against it; quicker without.

        Raises: InputError with every plan that reads what was not kept, and every name that the study does not have.
        """
        study = self._study_of(plans, baseline)
        setting, totals = settled(self._kept, study, self._workers, clauses)
        return Settled(study, setting, totals, Answer())

    def compare(self, plans: Iterable[Plan | str], baseline: Plan | str | None = None) -> "Compared":
        """Plans against a baseline, world by world; a row for each, in usd over the horizon. ``payees_lose`` is the share of
        CSMs' worlds in which pay falls by more than 5 %, ``why`` the clause that moves most pay of all CSMs together.

        baseline : a plan or a name of the study's; its own where left out.

        Raises: InputError as ``settle``.
        """
        against: Plan | str = self.study.baseline if baseline is None else baseline
        name = against if isinstance(against, str) else against.name
        others = [plan for plan in plans if (plan if isinstance(plan, str) else plan.name) != name]
        from sim.study.frames import Compared

        settled = self.settle(against, *others, baseline=name)
        summary, found = settled.summary, Compared(settled.summary)
        told = settled.answers.where(PayeesOfPlan, lambda part: part.payees)
        found["payees_lose"] = [told[plan].lose if plan in told else None for plan in found.index]
        found["why"] = [told[plan].why if plan in told else None for plan in found.index]
        units = {**summary.attrs["units"], "payees_lose": "share of CSMs' worlds", "why": "clause"}
        found.attrs |= {**summary.attrs, "units": units, "baseline": name}
        return found

    def save(self, directory: str | Path, *, force: bool = False) -> Path:
        """Write the worlds into a directory, whole or not at all; ``sim.open_worlds`` reads them again.

        force : replace whatever lies there; it stays beside, as ``NAME.old-1``.

        Raises: InputError when the directory holds other files or cannot be written.
        """
        with reserved(directory, "simulate", study=self.study.path, force=force) as place:
            place.publish(self._fill)
        return Path(directory)

    def _fill(self, folder: Path) -> None:
        write_blocks(self._kept.blocks, folder)
        for place, plan in enumerate(self._kept.also, start=1):
            (folder / ALSO).mkdir(exist_ok=True)  # an empty folder is in no manifest, and somebody else's
            (folder / ALSO / f"{place:03d}.toml").write_text(plan.to_toml(), encoding="utf-8")
        write_study(self.study, folder)
        if load(folder / "study.toml").hash != self.study.hash:
            fix = "Write what was changed into files, and load them."
            raise InputError([Problem("the study", "as its files have it", "one changed in Python", fix)])

    def plan_of(self, plan: Plan | str) -> Plan:
        """The plan itself, or the study's plan of this name.

        Raises: InputError when the study has no plan file of this name.
        """
        if not isinstance(plan, str):
            return plan
        plain = {role_set.name: role_set.roles[0].plan for role_set in self.study.sets if role_set.plain}
        if plan not in plain:
            fix = near_match(plan, list(plain))
            raise InputError([Problem("plan", f"of the study, one of {list(plain)}", shown(plan), fix)])
        return plain[plan]

    def _study_of(self, plans: Sequence[Plan | str], baseline: str | None) -> Study:
        """The study with these plans in the place of its own."""
        own = {role_set.name: role_set for role_set in self.study.sets}
        unknown = [plan for plan in plans if isinstance(plan, str) and plan not in own]
        problems = [
            Problem("plans", f"of the study, one of {list(own)}", shown(name), near_match(name, list(own)))
            for name in unknown
        ]
        if problems:
            raise InputError(problems)
        sets = [own[plan] if isinstance(plan, str) else set_of(plan, self.study) for plan in plans]
        sets = sets or list(own.values())
        names = [role_set.name for role_set in sets]
        for name in sorted({name for name in names if names.count(name) > 1}):
            problems.append(
                Problem("plans", "plans of different names", f"{names.count(name)} named {name!r}")
            )
        chosen = baseline or (self.study.baseline if self.study.baseline in names else names[0])
        if chosen not in names:
            problems.append(Problem("baseline", f"one of {names}", shown(chosen), near_match(chosen, names)))
        problems += self._of_other_pay([plan for plan in plans if not isinstance(plan, str)], sets)
        if problems:
            raise InputError(problems)
        return replace(self.study, sets=tuple(sets), baseline=chosen, worlds=self._kept.worlds)

    def _of_other_pay(self, foreign: Sequence[Plan], sets: Sequence[RoleSet]) -> list[Problem]:
        """What is wrong with the size of pay: of plans beside those of a study that scales its own, or of all together."""
        normalised = self.study.normalised
        if normalised is None:
            return check_comparable(self.study.path, sets, own_terms(self.study.scenario))
        return check_scaled(normalised, foreign, self.study.scenario.calendar)


def simulate(
    study: Study,
    *,
    worlds: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    executor: Executor | Workers | None = None,
    also: Sequence[Plan] = (),
) -> Worlds:
    """Simulate the worlds of a study once and keep them, so that plans can be settled on them at will.

    worlds, seed : instead of the study's own.
    threads      : all processors by default; no result depends on it.
    executor     : simulates in the place of threads, as ``sim.run`` has it; plans are settled on threads all the same.
    also         : plans beside those of the study whose bands and measures are to be kept.

    Raises: InputError when one of the arguments is out of bounds.
    """
    altered = altered_study(study, worlds=worlds, seed=seed, threads=threads)
    workers = workers_of(threads, executor)
    kept = keep(altered, altered.worlds, workers, also)
    return Worlds(kept, workers if executor is None else workers_of(None))


def open_worlds(directory: str | Path, *, threads: int | None = None) -> Worlds:
    """Worlds that ``Worlds.save`` wrote, mapped into memory.

    Raises: InputError when the directory does not hold them, or they were changed since.
    """
    folder = Path(directory)
    manifest = read_manifest(folder)
    if manifest is None or not {"study.toml", INDEX, ARRAYS} <= manifest.files.keys():
        fix = "Worlds.save writes them."
        raise InputError([Problem(str(folder), "kept worlds", "a folder without any", fix)])
    vouched(folder, *manifest.files)
    study = load(folder / "study.toml")
    also = [load_plan(folder / name) for name in sorted(manifest.files) if name.startswith(f"{ALSO}/")]
    kept = replace(nothing_kept(study, also), blocks=read_blocks(folder))
    return Worlds(kept, workers_of(threads))
