"""What an unfinished command has worked out, in a folder beside its target: whole pieces by name, taken up by the same
command again.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final

from sim.errors import InputError, Problem

SUFFIX: Final = ".unfinished"
ABOUT: Final = "about.json"
"""Whose pieces they are."""
PIECE: Final = ".piece"
PART: Final = ".part"
"""A piece that is being written; nobody reads it."""
DIGEST: Final = 16
"""At the end of a piece. [byte]"""

_left: list[Path] = []


def left_unfinished() -> tuple[Path, ...]:
    """Where commands of this process left pieces."""
    return tuple(_left)


class Unfinished:
    """The pieces of one command. There is no folder until the first piece is put down.

    about : of the command, by key; pieces of one that says anything else are not its own.
    tell  : is given a sentence where pieces can no longer be put down; the work goes on without.

    Raises: InputError where the folder has pieces of another command, or is somebody else's.
    """

    def __init__(
        self, target: Path, about: Mapping[str, str], tell: Callable[[str], None], anew: bool = False
    ) -> None:
        self.folder = target.with_name(f"{target.name}{SUFFIX}")
        self._about = dict(about)
        self._tell = tell
        self._lost = False
        self.names: set[str] = set()
        if not os.path.lexists(self.folder):
            return
        before = self._read_about()
        if anew or before is None:
            self.remove()
        else:
            self._check(before)
            self.names = set(self._whole())

    @property
    def begun(self) -> bool:
        """Whether anything lies there."""
        return bool(self.names)

    def read(self, name: str) -> bytes:
        """A piece of ``names``. Raises: OSError when it is gone."""
        return self._path(name).read_bytes()[:-DIGEST]

    def put(self, name: str, content: bytes) -> None:
        """Put a piece down: written beside, brought to the disk, and named."""
        if self._lost:
            return
        path = self._path(name)
        part = path.with_suffix(PART)
        try:
            if not self.names:
                self._begin()
            _write(part, content + blake2b(content, digest_size=DIGEST).digest())
            os.replace(part, path)
        except OSError as error:
            self._lost = True
            with suppress(OSError):
                part.unlink()
            reason = error.strerror or str(error)
            self._tell(f"{self.folder}: {reason}. The work goes on, but cannot be taken up from here.")
            return
        self.names.add(name)

    def remove(self) -> None:
        """Remove the pieces, and the folder where it holds nothing else."""
        with suppress(OSError):
            (self.folder / ABOUT).unlink()  # first: pieces that nothing is said of are nobody's
        for path in self._entries():
            if path.suffix in (PIECE, PART):
                with suppress(OSError):
                    path.unlink()
        with suppress(OSError):
            self.folder.rmdir()
        self.names = set()

    def leave(self) -> None:
        """Say that the folder is left where it is."""
        if self.names:
            _left.append(self.folder)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{PIECE}"

    def _entries(self) -> list[Path]:
        try:
            return list(self.folder.iterdir())
        except OSError:
            return []

    def _begin(self) -> None:
        self.folder.mkdir(exist_ok=True)
        about = json.dumps(self._about, indent=2, ensure_ascii=False)
        _write(self.folder / f"{ABOUT}{PART}", f"{about}\n".encode())
        os.replace(self.folder / f"{ABOUT}{PART}", self.folder / ABOUT)

    def _read_about(self) -> dict[str, str] | None:
        """What the folder says of itself; None where a command was killed before it said anything, or while it removed what
        it had done. Raises: InputError where it is not of this program.
        """
        try:
            about = json.loads((self.folder / ABOUT).read_text(encoding="utf-8"))
            if isinstance(about, dict):
                return about
        except (OSError, ValueError):
            if self.folder.is_dir() and all(each.suffix in (PIECE, PART) for each in self._entries()):
                return None
        fix = "Move it away, or choose another --out."
        raise InputError([Problem(str(self.folder), "what csmsim left unfinished", "something else", fix)])

    def _check(self, before: Mapping[str, str]) -> None:
        keys = [key for key in {**self._about, **before} if self._about.get(key) != before.get(key)]
        if not keys:
            return
        told = (f"{key} {before.get(key, 'none')}, now {self._about.get(key, 'none')}" for key in keys)
        received = f"what another one left unfinished ({'; '.join(told)})"
        fix = "Give that command again to finish it, choose another --out, or drop it with --no-resume."
        raise InputError([Problem(str(self.folder), "of this very command", received, fix)])

    def _whole(self) -> Iterator[str]:
        """The pieces that are whole; what is not is removed."""
        for path in self._entries():
            if path.suffix not in (PIECE, PART):
                continue
            with suppress(OSError):
                content = path.read_bytes()
                digest = blake2b(content[:-DIGEST], digest_size=DIGEST).digest()
                if path.suffix == PIECE and digest == content[-DIGEST:]:
                    yield path.stem
                else:
                    path.unlink()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
