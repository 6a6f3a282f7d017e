"""Rows of a report that lead to pages beside it: which, and how a report that is written again knows them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from sim.files.manifest import read_manifest
from sim.shapes.report import Report
from sim.shapes.table import Table

FOLDER: Final = "explanations"
INDEX: Final = f"{FOLDER}/index.json"

Links: TypeAlias = Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
"""By plan and CSM, words and addresses."""
NO_LINKS: Final[Links] = {}


def linked(report: Report, links: Links) -> Report:
    """The report with links in the rows of tables that name plan and CSM."""
    if not links:
        return report
    sections = tuple(
        replace(each, tables=tuple(_linked(table, links) for table in each.tables))
        for each in report.sections
    )
    return replace(report, sections=sections)


def _linked(table: Table, links: Links) -> Table:
    keys = [column.key for column in table.columns]
    if "plan" not in keys or "csm" not in keys:
        return table
    plan, csm = keys.index("plan"), keys.index("csm")
    found = tuple(links.get((str(row[plan]), str(row[csm])), ()) for row in table.rows)
    return replace(table, links=found) if any(found) else table


def index_of(links: Links) -> bytes:
    """The links as a file."""
    rows = [{"plan": plan, "csm": csm, "pages": dict(pages)} for (plan, csm), pages in links.items()]
    return f"{json.dumps(rows, indent=1, ensure_ascii=False)}\n".encode()


def links_in(folder: Path) -> Links:
    """The links of a folder of results, as it was written; none where it has none."""
    manifest = read_manifest(folder)
    if manifest is None or manifest.changed(folder, INDEX):
        return {}
    rows = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    return {(row["plan"], row["csm"]): tuple(row["pages"].items()) for row in rows}
