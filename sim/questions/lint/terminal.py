"""The faults of plans in full, as ``lint`` prints them."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.questions.lint.summary import Fault

INDENT: Final = 2
STYLES: Final = {"major": "bold red", "minor": "yellow"}


def fault_sentences(title: str, faults: Sequence[Fault]) -> RenderableType:
    """Every fault of one plan: severity, name and clause, the sentence below, and the source once a kind."""
    kinds = _by_kind(faults).values()
    return Group(Text(title, style="bold"), *(part for kind in kinds for part in _in_full(kind)))


def _in_full(faults: Sequence[Fault]) -> Iterator[RenderableType]:
    for fault in faults:
        heading = Text(" " * INDENT)
        heading.append(fault.severity, STYLES[fault.severity])
        heading.append(f"  {fault.name}  ")
        heading.append(fault.clause, "dim")
        yield heading
        yield _indented(Text(fault.sentence))
    yield _indented(Text(f"Source: {faults[-1].source}", style="dim"))


def _indented(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, 2 * INDENT), expand=False)


def _by_kind(faults: Sequence[Fault]) -> dict[str, list[Fault]]:
    kinds: dict[str, list[Fault]] = {}
    for fault in faults:
        kinds.setdefault(fault.name, []).append(fault)
    return kinds
