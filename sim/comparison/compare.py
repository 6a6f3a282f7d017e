"""Two result directories held against each other."""

from pathlib import Path
from typing import Any, NamedTuple

from sim.comparison.inputs import Change, changes
from sim.comparison.outputs import Difference, differences, plans_of
from sim.files.result_file import taken, vouched
from sim.report.written import read_document


class Comparison(NamedTuple):
    """Everything that changed between two results."""

    inputs: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    outputs: tuple[Difference, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, for ``--json``."""
        return {
            "inputs": [each._asdict() for each in self.inputs],
            "only_before": list(self.only_before),
            "only_after": list(self.only_after),
            "outputs": [each.to_json() for each in self.outputs],
        }


def compare(before: Path, after: Path) -> Comparison:
    """What changed in inputs and outputs from one result directory to another.

    Raises: InputError when one of them is not a result directory.
    """
    directories = (before, after)
    documents = [read_document(each) for each in directories]
    known = [vouched(each, "worlds.parquet", "study.toml", "scenario.toml") for each in directories]
    with taken(before, known[0]), taken(after, known[1]):
        one, other = map(plans_of, documents)
        alike = all(documents[0]["study"][key] == documents[1]["study"][key] for key in ("seed", "draw_plan"))
        return Comparison(
            inputs=tuple(changes(before, after)),
            only_before=tuple(name for name in one if name not in other),
            only_after=tuple(name for name in other if name not in one),
            outputs=tuple(differences(one, other, directories if alike else None)),
        )
