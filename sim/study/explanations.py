"""Pages beside a report that explain the pay of those whom it names: in a typical, a bad and a good world of each."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from sim.engine.payees import payees_of
from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.explain.explain import explain_in
from sim.explain.report import explanation_sections
from sim.questions.payees.summary import PayeesOfPlan
from sim.report.linked import FOLDER, INDEX, Links, index_of
from sim.report.page.page import page
from sim.shapes.report import Report, Said
from sim.shapes.section import Section
from sim.summary.summary import Summary
from sim.version import __version__

MOST_EXPLAINED: Final = 120
"""CSMs and plans that are explained, every one of 40 CSMs under three plans: a page takes a tenth of a second and 0.1 MB."""
LEVELS: Final = (("typical", 0.5, "half of the worlds pay less"), ("bad", 0.1, "one world in ten pays less"),
                 ("good", 0.9, "one world in ten pays more"))  # fmt: skip
"""Names of worlds, the quantile of pay that each is at, and what that means."""


def explanations_of(
    study: Study, setting: Setting, totals: Totals, summary: Summary
) -> tuple[Links, dict[str, bytes]]:
    """Where a report leads to from whose row, and the pages by their paths in the folder of results, with a list of them.
    Nobody is explained where each world has books of its own.

    First those who lose and gain most under each plan, in turns, and then the others.
    """
    links: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    pages: dict[str, bytes] = {}
    for number, (index, csm) in enumerate(_chosen(study, summary)):
        name = f"{FOLDER}/{number + 1:03d}.html"
        links[study.sets[index].name, csm] = tuple((world, f"{name}#{world}") for world, _, _ in LEVELS)
        pages[name] = _page(study, setting, totals, index, csm).encode("utf-8", "replace")
    return links, {**pages, INDEX: index_of(links)} if links else {}


def _chosen(study: Study, summary: Summary) -> list[tuple[int, str]]:
    """Plan and CSM, at most ``MOST_EXPLAINED`` of them."""
    listed = summary.where(PayeesOfPlan, lambda part: part.payees)
    names = [plan.name for plan in study.plans]
    queues = []
    for index, each in enumerate(study.sets):
        payees = payees_of(study, index)[0]
        told = names.index(payees.role.plan.name) == payees.position  # explain takes the first plan of a name
        rows = listed[each.name].rows if told and each.name in listed else None
        csms = [row.csm for row in rows or () if row.role in (None, payees.role.name)]
        ends = [csm for pair in zip(csms, reversed(csms), strict=True) for csm in pair]
        queues.append([(index, name) for name in dict.fromkeys(ends)])
    turns = [each for queue in queues for each in enumerate(queue)]
    return [chosen for _, chosen in sorted(turns, key=lambda turn: turn[0])][:MOST_EXPLAINED]


def worlds_of(totals: Totals, role: int, payee: int, worlds: int) -> Iterator[tuple[str, int, str]]:
    """The worlds of ``LEVELS`` among the first ones, by what the payee is paid in them: name, number and meaning."""
    pay = totals.first_pay[role, payee, :worlds]
    order = np.argsort(pay, kind="stable")
    for name, level, meaning in LEVELS:
        yield name, int(order[round(level * (len(order) - 1))]), meaning


def _page(study: Study, setting: Setting, totals: Totals, index: int, csm: str) -> str:
    payees = payees_of(study, index)[0]
    plan, payee = payees.role.plan, setting.territories[payees.position].names.index(csm)
    sections, said = [], []
    for name, world, meaning in worlds_of(totals, payees.position, payee, study.worlds):
        told = explain_in(study, setting, plan.name, world, csm)
        paid = f"{float(told.settlement.paid.sum()):,.2f} usd"
        said.append(Said(name, f"A {name} world, {world}: {paid}; {meaning}."))
        (section,) = explanation_sections(told)
        finding = f"Paid {paid}. {section.finding}".strip()
        sections.append(replace(section, key=name, title=f"A {name} world: {world}", finding=finding))
    return page(
        Report(
            kind="How pay comes about",
            title=f"{csm} under {plan.title or plan.name}",
            size=f"{study.title or study.name}: worlds by what {csm} is paid in the first {totals.first_pay.shape[2]:,}",
            plans=(plan.name,),
            short=tuple(said),
            sections=(*sections, _others(study, plan.name, csm)),
            origin=f"csmsim {__version__}, seed {study.seed}, hash {study.hash}",
            certain=True,
            files="csmsim explain prints them",
        )
    )


def _others(study: Study, plan: str, csm: str) -> Section:
    command = f'csmsim explain {study.path.name} --plan "{plan}" --world W --csm "{csm}"'
    return Section("others", "Other worlds", f"Any other world, plan or CSM: {command}")
