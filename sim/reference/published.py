"""The schemas as files."""

import json
from pathlib import Path
from typing import Any, Final

from sim.reference.documents import DOCUMENTS
from sim.reference.schema import schema

SUMMARY: Final = "summary"
"""What a run writes; no file that people write."""


def text_of(kind: str) -> str:
    """The text of the schema of a kind of file, or of ``summary.json``.

    Raises: InputError when there is no such kind.
    """
    return json.dumps(_schema(kind), indent=2, ensure_ascii=False) + "\n"


def file_of(kind: str) -> str:
    """The name of a schema's file."""
    return f"{kind}.schema.json"


def write_all(folder: Path) -> None:
    """Write the schema of every kind into a folder."""
    folder.mkdir(exist_ok=True)
    for kind in (*DOCUMENTS, SUMMARY):
        (folder / file_of(kind)).write_text(text_of(kind), encoding="utf-8")


def _schema(kind: str) -> dict[str, Any]:
    if kind != SUMMARY:
        return schema(kind)
    from sim.questions.registry import summary_schema

    return summary_schema()
