"""What several exports hold together, as one history."""

from collections.abc import Mapping
from pathlib import Path

from sim.exports.reading import History, ordered


def joined(histories: Mapping[Path, History]) -> History:
    """The rows of each canonical file, export after export; rows set aside and notes say which export they are of."""
    import pandas as pd

    names = dict.fromkeys(name for each in histories.values() for name in each.tables)
    frames = {
        name: [each.tables[name] for each in histories.values() if name in each.tables] for name in names
    }
    tables = {
        name: found[0] if len(found) == 1 else ordered(name, pd.concat(found, ignore_index=True))
        for name, found in frames.items()
    }
    return History(
        tables,
        [
            row._replace(reason=f"{export.name}: {row.reason}")
            for export, each in histories.items()
            for row in each.aside
        ],
        [f"{export.name}: {note}" for export, each in histories.items() for note in each.notes],
        sum(each.used for each in histories.values()),
        sum(each.blank for each in histories.values()),
    )
