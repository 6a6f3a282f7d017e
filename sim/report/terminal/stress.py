"""A stress suite for a terminal: the heat table first, then what fails, the tornado, and the smallest move that breaks."""

import io
from collections.abc import Iterator
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.text import Text

from sim.questions.cost.rows import stress_rows
from sim.questions.grounds.comparable import unmodelled_lines
from sim.questions.stress.tables import MARKS, broken, marks_mean, move_of, range_of, short
from sim.report.reported import in_short
from sim.report.terminal.run import WIDTH
from sim.shapes.amounts import amount, number, share, unit_for
from sim.shapes.fitted import Fitted, Row
from sim.shapes.fragile import NO_MEAN
from sim.shapes.tail import stress_tail_lines
from sim.shapes.words import listed, of_book

Document = dict[str, Any]

BARS: Final = 15
"""Inputs shown of the tornado; files hold all."""
SAID: Final = {
    "cost_p90": "P90 of cost / budget",
    "prob_over_budget": "P(> budget)",
    "cost_rise": "cost rise",
    "variable_of_arr": "variable / ARR kept",
    "cost_of_arr": "cost / ARR kept",
    "low_pay": "low pay",
    "pay_cut": "pay cut",
    "exposure": "gained by dates",
}


def as_text(document: Document, width: int = WIDTH) -> str:
    """The report as plain text of at most ``width`` columns."""
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    console.print(stress_report(document))
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"


def stress_report(document: Document) -> RenderableType:
    """The whole report, from the content of ``stress.json``."""
    return Group(*_sections(document))


def _sections(document: Document) -> Iterator[RenderableType]:
    study = document["study"]
    yield Text(f"{study.get('title') or study['name']}: stress", style="bold")
    worlds = f"{_worlds(document):,} worlds a stress{of_book(study)}"
    yield Text(f"{worlds}, the same random numbers in all of them\n", style="dim")
    yield Text("\n".join(said.sentence for said in in_short(document)) + "\n", style="bold")
    yield _heat(document)
    yield Text()
    if document["limits"]:
        yield _failed(document)
        yield Text()
    if "tornado" in document:
        yield _tornado(document)
        yield Text(decision(document))
        yield Text()
    if "reverse" in document:
        yield _reverse(document)
        yield Text()
    yield Text("\n".join(_notes(document)), style="dim")


def _heat(document: Document) -> RenderableType:
    stresses, plans = document["stresses"], list(_base(document)["plans"])
    rows = {(row.stress, row.plan): row for row in stress_rows(document)}

    def cell(name: str, plan: str) -> str:
        row = rows.get((name, plan))
        if row is None or row.p50 is None:
            return "–"
        mark = MARKS.get(row.verdict or "", "")
        shown = NO_MEAN if row.change is None else share(row.change, 1, sign=True)
        if name == next(iter(stresses)):
            shown = amount(row.p50 if row.mean is None else row.mean)
        return f"{shown} {mark}".rstrip()

    limits = marks_mean(document)
    fewer = {
        each["worlds"]
        for stress in stresses.values()
        for each in stress.get("plans", {}).values()
        if "worlds" in each
    } - {_worlds(document)}
    few = f" Where CSMs choose dates: over {min(fewer):,} worlds." if fewer else ""
    return Fitted(
        "Mean company cost under each stress, against the same plan in the scenario as it is",
        f"{limits}– not measured. Changes are paired, world by world.{few}",
        {plan: {name: cell(name, plan) for name in stresses} for plan in plans},
    )


def _failed(document: Document) -> RenderableType:
    """By plan and limit, in how many stresses it fails."""
    stresses = document["stresses"]

    def cell(plan: str, limit: str) -> str:
        found = [
            (entry["limits"][limit], name)
            for name, stress in stresses.items()
            if limit in (entry := stress.get("plans", {}).get(plan, {"limits": {}})).get("limits", {})
        ]
        if not found:
            return "–"
        failed = sum(judged["verdict"] == "fail" for judged, _ in found)
        unclear = sum(judged["verdict"] == "undecided" for judged, _ in found)
        parts = [f"{failed} ✗" if failed else "", f"{unclear} ?" if unclear else ""]
        return " ".join(part for part in parts if part) or "✓"

    allowed = "; ".join(f"{SAID[name]} at most {most}" for name, most in _allowed(document["limits"]))
    return Fitted(
        "In how many stresses each limit is broken",
        f"Allowed: {allowed}. tables/limits.csv has every value with its interval.",
        {
            plan: {SAID[name]: cell(plan, name) for name, _ in _allowed(document["limits"])}
            for plan in _base(document)["plans"]
        },
    )


def _allowed(limits: Document) -> list[tuple[str, str]]:
    words = {
        "low_pay": lambda each: (
            f"{share(each['share'])} of CSMs' periods below {share(each['below'])} of target"
        ),
        "pay_cut": lambda each: f"{share(each['share'])} of CSMs lose more than {share(each['by'])}",
    }
    found = []
    for name, each in limits.items():
        plain = f"{100 * each:.1f}¢ a usd" if name in ("variable_of_arr", "cost_of_arr") else None
        found.append((name, words[name](each) if name in words else plain or share(each, 1)))
    return found


def _tornado(document: Document) -> RenderableType:
    baseline, found = document["study"]["baseline"], document["tornado"]
    bars = dict(list(found["inputs"].items())[:BARS])
    entries = [bar["plans"][baseline] for bar in bars.values()]
    unit = unit_for(
        [each[end] for each in entries for end in ("low", "high")],
        [each[f"{end}_se"] for each in entries for end in ("low", "high")],
    )

    def row(bar: Document) -> Row:
        entry = bar["plans"][baseline]
        return {
            "Moved by": range_of(bar),
            **{
                f"{end.capitalize()} end ±": f"{unit.show(entry[end], sign=True)} ± {unit.show(entry[f'{end}_se'])}"
                for end in ("low", "high")
            },
        }

    rest = len(found["inputs"]) - len(bars)
    return Fitted(
        f"Tornado: mean company cost of {baseline} when one input moves [{unit.name}]",
        f"±: simulation error. Paired over {found['worlds']:,} worlds; every plan in tables/tornado.csv. "
        f"{f'{rest} more move it less; ' if rest else ''}"
        f"{len(found['no_effect'])} do not matter here, {len(found['zero'])} are zero. What describes the book "
        "(csms, arr, due, terms) draws another book when it moves.",
        {short(path): row(bar) for path, bar in bars.items()},
        first="Input",
    )


def decision(document: Document) -> str:
    """Whether an input within its range turns a plan from dearer to cheaper than the baseline, or back."""
    baseline, found = document["study"]["baseline"], document["tornado"]["reversals"]
    if not found:
        return f"No input, moved alone within its range, turns a plan from dearer to cheaper than {baseline} or back."
    said = [
        f"{each['plan']} becomes {'dearer' if each['to'] > 0.0 else 'cheaper'} than {baseline} at the {each['end']} end of "
        f"{short(each['input'])}"
        for each in found
    ]
    return f"{listed(said)}."


def _reverse(document: Document) -> RenderableType:
    found = document["reverse"]

    def told(root: Document | None) -> str:
        if root is None:
            return "none found"
        return ", ".join(f"{short(each['input'])} {move_of(each)}" for each in root["inputs"])

    def row(entry: Document) -> Row:
        if entry["status"] not in ("found", "none within reach"):
            return {"One input": entry["status"], "Steps ±": "", "Two inputs": "", "Their steps ±": ""}
        one, two = entry.get("one"), entry.get("two")
        return {
            "One input": told(one) if one else f"none within {found['reach']:g} steps",
            "Steps ±": _steps(one),
            "Two inputs": told(two) if two else "no nearer" if "two_no_nearer" in entry else "",
            "Their steps ±": _steps(two),
        }

    return Fitted(
        f"Reverse stress: the smallest move that breaks the {broken(document)}",
        "A step is one end of an input's range; factors compound. "
        f"Searched up to {found['reach']:g} steps on {found['worlds']:,} worlds, in {len(found['searched'])} directions.",
        {name: row(entry) for name, entry in found["plans"].items()},
        terms={
            "Two inputs": "Two inputs: their steps are the root of the sum of squares.",
            "Steps ±": "±: simulation error, one standard error; more worlds make it smaller.",
        },
    )


def _steps(root: Document | None) -> str:
    if root is None:
        return ""
    error = f" ± {number(root['steps_se'], 2)}" if "steps_se" in root else ""
    return f"{number(root['steps'], 2)}{error}"


def _notes(document: Document) -> Iterator[str]:
    yield from stress_tail_lines(document)
    yield from unmodelled_lines(document)
    yield "What happens in each stress, and on what grounds:"
    for name, stress in document["stresses"].items():
        if "source" in stress:
            why_not = f" Not measured: {stress['not_measured']}" if "not_measured" in stress else ""
            yield f"{name}: {stress['title']}. {stress['source'][:1].upper()}{stress['source'][1:]}.{why_not}"
    refused = {
        entry["not_measured"]
        for stress in document["stresses"].values()
        for entry in stress.get("plans", {}).values()
        if "not_measured" in entry
    }
    yield from (f"– {each}" for each in sorted(refused))
    study = document["study"]
    yield f"seed {study['seed']}, csmsim {study['version']}, draw plan {study['draw_plan']}, hash {study['hash'][:16]}"


def _base(document: Document) -> Document:
    found: Document = next(iter(document["stresses"].values()))
    return found


def _worlds(document: Document) -> int:
    return max(int(entry.get("worlds", 0)) for entry in _base(document)["plans"].values())
