"""What is said when input is bad: one clear sentence per problem, all problems at once.

Every sentence reads ``{where} must be {allowed}, received {value!r}. {fix}``, where ``where`` is the file and the key
(or the CSV row and column) a reader can open.
"""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from sim.visible import one_line

LONGEST_SHOWN = 80
MOST_SAID: Final = 20
"""Problems told one by one; of further ones the number."""
MOST_SLIPS: Final = 2
TWO_SLIPS: Final = 5
"""Letters of a word in which two slips are taken for slips. [letter]"""


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
    """Input that cannot be used; carries every problem found, in reading order, and says the first twenty.

    found : what could be said of the input all the same, as plain values; part of the document.
    """

    def __init__(self, problems: Iterable[Problem], found: object = None) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.found = found
        said = [str(problem) for problem in self.problems[:MOST_SAID]]
        if (more := len(self.problems) - len(said)) > 0:
            said.append(f"And {more:,} more problem{'s' if more > 1 else ''}.")
        super().__init__("\n".join(said))

    def __reduce__(self) -> tuple[type["InputError"], tuple[object, ...]]:
        """It comes from another process as it is."""
        return type(self), (self.problems, self.found)

    def document(self) -> dict[str, object]:
        """The problems as plain values, all of them: where, what must be there, what is, what to do; and what was found."""
        told: dict[str, object] = {"problems": [problem._asdict() for problem in self.problems]}
        return told if self.found is None else told | {"found": self.found}


def shown(value: object) -> str:
    """``value`` as it is quoted in a sentence, cut to a readable length."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def near_match(word: str, allowed: Sequence[str]) -> str:
    """The sentence that names the likely intended word, or an empty string.

    A word is meant where it differs only in case, separators or a plural, or by slips of the finger: one letter left out,
    added, changed, or swapped with its neighbour; two where at least ``TWO_SLIPS`` letters are written and the first two
    are right. Words that merely share letters, as Amount and account do, are not meant.

    Source: Damerau (1964), four in five misspellings are one such slip; Pollock and Zamora (1984), the first letter of a
    word is seldom wrong; the lengths are an assumption.
    """
    meant, best = _bare(word), (MOST_SLIPS + 1, 0, "")
    for each in allowed:
        written = _bare(each)
        if abs(len(meant) - len(written)) > MOST_SLIPS:
            continue
        slips = 0 if meant.rstrip("s") == written.rstrip("s") else _slips(meant, written)
        if slips <= min(best[0], _most_slips(meant, written)):
            best = min(best, (slips, -_alike(meant, written), each), key=lambda found: found[:2])
    return f"Did you mean {best[2]!r}?" if best[2] else ""


def _bare(word: str) -> str:
    """A word without case and separators."""
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def _alike(one: str, other: str) -> int:
    """How many letters two words begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _most_slips(one: str, other: str) -> int:
    """How many slips may lie between two words that are taken for the same."""
    length = max(len(one), len(other))
    if length >= TWO_SLIPS and one[:2] == other[:2]:
        return MOST_SLIPS
    return 1 if length >= TWO_SLIPS or (length > 2 and one[:1] == other[:1]) else 0


def _slips(one: str, other: str) -> int:
    """Letters left out, added, changed or swapped between two words (optimal string alignment)."""
    before, last = [0] * (len(other) + 1), list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, opposite in enumerate(other, start=1):
            least = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != opposite))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == opposite:
                least = min(least, before[column - 2] + 1)
            line.append(least)
        before, last = last, line
    return last[-1]
