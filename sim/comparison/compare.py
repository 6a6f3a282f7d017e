"""Two result directories held against each other."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.comparison.inputs import Change, changes
from sim.comparison.outputs import RETENTION, Difference, differences, plans_of
from sim.comparison.payees import PAYEES, payees
from sim.files.result_file import taken, vouched
from sim.measure.clustered import Clusters
from sim.questions.payees.summary import Payees
from sim.questions.registry import typed
from sim.questions.uncertainty.summary import unknown_of
from sim.report.written import masks_of, read_document
from sim.summary.summary import Summary

FILES: Final = ("worlds.parquet", "study.toml", "scenario.toml")


class Comparison(NamedTuple):
    """Everything that changed between two results."""

    inputs: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    outputs: tuple[Difference, ...]
    payees: Mapping[str, Payees]

    def anonymous(self, directory: Path) -> "Comparison":
        """The same with people's names masked, as in reports of the first result, which lies in ``directory``.

        Raises: InputError when its people cannot be read.
        """
        if not self.payees:
            return self
        document = read_document(directory)
        if document["study"].get("anonymous"):
            return self
        masks = masks_of(document, directory)
        return self._replace(payees={plan: each.renamed(masks.of) for plan, each in self.payees.items()})

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, for ``--json``."""
        return {
            "inputs": [each._asdict() for each in self.inputs],
            "only_before": list(self.only_before),
            "only_after": list(self.only_after),
            "outputs": [each.to_json() for each in self.outputs],
            "payees": {plan: each.document() for plan, each in self.payees.items()},
        }


def shared_draws(summaries: Sequence[Summary]) -> Clusters:
    """How worlds share draws of what is not known; where the two sides differ in their number, as the fewer do."""
    draws = [found.draws for each in summaries if (found := unknown_of(each)) is not None]
    return Clusters(min(draws, default=None))


def compare(before: Path, after: Path) -> Comparison:
    """What changed in inputs and outputs from one result directory to another.

    Raises: InputError when one of them is not a result directory.
    """
    directories = (before, after)
    summaries = [typed(read_document(each)) for each in directories]
    known = [
        vouched(each, *FILES, *(name for name in (PAYEES, RETENTION) if (each / name).exists()))
        for each in directories
    ]
    with taken(before, known[0]), taken(after, known[1]):
        one, other = map(plans_of, summaries)
        drawn = {(each.study.seed, each.study.draw_plan) for each in summaries}
        inputs = tuple(changes(before, after))
        return Comparison(
            inputs=inputs,
            only_before=tuple(name for name in one if name not in other),
            only_after=tuple(name for name in other if name not in one),
            outputs=tuple(
                differences(one, other, directories if len(drawn) == 1 else None, shared_draws(summaries))
            ),
            payees=payees(summaries, directories, len(drawn) == 1, inputs),
        )
