"""The faults of plans as a reader meets them: in full for ``lint``, a line each in the report of a run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

Document = dict[str, Any]

INDENT: Final = 2
STYLES: Final = {"major": "bold red", "minor": "yellow"}


def fault_sentences(title: str, faults: Sequence[Document]) -> RenderableType:
    """Every fault of one plan: severity, name and clause, the sentence below, and the source once a kind."""
    kinds = _by_kind(faults).values()
    return Group(Text(title, style="bold"), *(part for kind in kinds for part in _in_full(kind)))


def _in_full(faults: Sequence[Document]) -> Iterator[RenderableType]:
    for fault in faults:
        heading = Text(" " * INDENT)
        heading.append(fault["severity"], STYLES[fault["severity"]])
        heading.append(f"  {fault['name']}  ")
        heading.append(fault["clause"], "dim")
        yield heading
        yield _indented(Text(fault["sentence"]))
    yield _indented(Text(f"Source: {faults[-1]['source']}", style="dim"))


def _indented(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, 2 * INDENT), expand=False)


def fault_lines(plans: Mapping[str, Document]) -> RenderableType | None:
    """One line for each kind of fault of each plan, from the ``plans`` of ``summary.json``; None without any."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for name, plan in plans.items():
        shown = name
        for kind, faults in _by_kind(plan.get("lints", ())).items():
            severity = Text(faults[0]["severity"], STYLES[faults[0]["severity"]])
            table.add_row(Text(shown), severity, Text(f"{kind}: {_shorts(faults)}"))
            shown = ""
    if not table.row_count:
        return None
    note = "From the plan files alone, nothing simulated; csmsim lint says each in a sentence."
    return Group(
        Text("What clauses of these plans pay for besides renewals", style="bold"),
        table,
        Text(note, style="dim"),
    )


def _by_kind(faults: Sequence[Document]) -> dict[str, list[Document]]:
    kinds: dict[str, list[Document]] = {}
    for fault in faults:
        kinds.setdefault(fault["name"], []).append(fault)
    return kinds


def _shorts(faults: Sequence[Document]) -> str:
    return "; ".join(fault["short"] for fault in faults)
