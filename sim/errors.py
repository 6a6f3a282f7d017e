"""What is said when input is bad: one clear sentence per problem, all problems at once.

Every sentence reads ``{where} must be {allowed}, received {value!r}. {fix}``, where ``where`` is the file and the key
(or the CSV row and column) a reader can open.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple

from sim.visible import one_line

LONGEST_SHOWN = 80
MOST_SAID: Final = 20
"""Problems told one by one; of further ones the number."""


class Problem(NamedTuple):
    """One thing that is wrong with the input, as the sentence a user reads."""

    where: str
    allowed: str
    received: str
    fix: str = ""

    def __str__(self) -> str:
        sentence = f"{self.where} must be {self.allowed}, received {self.received}."
        return one_line(f"{sentence} {self.fix}" if self.fix else sentence)


class InputError(ValueError):
    """Input that cannot be used; carries every problem found, in reading order, and says the first twenty."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        said = [str(problem) for problem in self.problems[:MOST_SAID]]
        if (more := len(self.problems) - len(said)) > 0:
            said.append(f"And {more:,} more problem{'s' if more > 1 else ''}.")
        super().__init__("\n".join(said))


def shown(value: object) -> str:
    """``value`` as it is quoted in a sentence, cut to a readable length."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def near_match(word: str, allowed: Sequence[str]) -> str:
    """The sentence that names the likely intended word, or an empty string."""
    found = get_close_matches(word, allowed, n=1, cutoff=0.6)
    return f"Did you mean {found[0]!r}?" if found else ""
