"""What a replay did with its files that a reader should know: counted, and told in every output."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """Something that is no mistake and changes what the figures mean.

    kind  : its name, for programs.
    count : of what it speaks of.
    text  : the sentence.
    """

    kind: str
    count: int
    text: str
