"""What the summary says of the clauses of plans."""

from typing import Self

from sim.plan.lint import fault as plan_lint
from sim.summary.entry import Entry, Part, measured, text


class Fault(Entry):
    """A clause that pays for something besides renewals, or asks for what is out of reach."""

    role: str | None = text("Whose plan it is, in a set of roles.", None)
    name: str = text("Of the fault.")
    severity: str = text("major or minor.")
    clause: str = text("Key of the plan file.")
    number: float = measured("in unit", "How much of it.")
    unit: str = text("Of the number.")
    short: str = text("In a few words.")
    sentence: str = text("In full.")
    source: str = text("Who says that it is a fault.")


def fault_of(found: plan_lint.Fault, role: str | None = None) -> Fault:
    """What the linter found of a plan file. role : whose plan it is, in a set of roles."""
    return Fault(role=role, **found._asdict())


class LintOfPlan(Part):
    """What is found in a plan."""

    lints: tuple[Fault, ...] = text(
        "Faults of its file, the gravest first, then those in the worlds of the scenario.", ()
    )

    def joined(self, other: Self) -> Self:
        """With the faults that another pass found behind them."""
        return self.model_copy(update={"lints": self.lints + other.lints})
