"""Commands with so little to compute that loading compiled kernels would take longer than running them as plain Python."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 100_000
"""Of the files of a replay: 1,500 deals and three plans took 1.5 s as plain Python and 1.9 s compiled, imports included."""
STUDY: Final = re.compile(rb"^\s*scenario\s*=", re.M)
"""What a study has and a plan has not: worlds to look at."""
NO_WORLDS: Final = ("help", "init", "schema")
"""Commands that run no kernel: what they import need not be ready to compile any."""


def is_little(arguments: Sequence[str]) -> bool:
    """Whether a command line lints plans, replays few deals, or computes nothing. The results are the same bits."""
    command, *others = arguments or [""]
    if command in NO_WORLDS:
        return True
    if command not in ("lint", "replay") or any(word.startswith("--explain") for word in others):
        return False  # an explanation settles every account by itself
    try:
        files = list(_files(others))
        if sum(each.stat().st_size for each in files) > MOST_BYTES:
            return False
        return command == "replay" or not any(STUDY.search(each.read_bytes()) for each in files)
    except OSError:
        return False  # the command says what is wrong


def _files(words: Sequence[str]) -> Iterator[Path]:
    """The files that words name, and those of folders."""
    for word in words:
        path = Path(word)
        if path.is_dir():
            yield from (each for each in path.iterdir() if each.is_file())
        elif path.is_file():
            yield path
