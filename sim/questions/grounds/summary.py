"""What the summary says of the inputs of the scenario."""

from sim.summary.entry import Part, text


class Grounds(Part):
    """On what the scenario rests."""

    assumptions: dict[str, str] = text("By input: its source, or the word assumption and the reason.", {})

    @property
    def without_source(self) -> int:
        """Inputs that are assumptions. [count]"""
        return sum(is_assumption(reason) for reason in self.assumptions.values())


def is_assumption(reason: str) -> bool:
    """Whether what stands beside an input says that it has no source."""
    return "assumption" in reason.lower()
