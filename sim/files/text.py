"""Read a file that a user names: bounded in size, never one that blocks or does not end; text as UTF-8."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sim.errors import InputError, Problem, shown

LARGEST_FILE: Final = 64 * 1024 * 1024
"""A file above this size is refused before it is read. [byte]"""

ZIPPED: Final = b"PK\x03\x04"
"""How a ZIP file begins, and so a workbook (.xlsx, .ods)."""

CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters but tab and line feed."""


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, without the byte order mark that some editors put in front.

    Raises: InputError when the path is missing, not a regular file, too large, unreadable or not UTF-8.
    """
    content = read_bytes(path)
    if content.startswith(ZIPPED):
        raise InputError([_packed(path)])
    return _decoded(path, content)


def _packed(path: Path) -> Problem:
    fix = "Save its sheet as CSV (UTF-8)."
    return Problem(str(path), "UTF-8 text", "a workbook or another packed file", fix)


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        received = f"byte {error.object[error.start]:#04x} at position {error.start}"
        raise InputError([Problem(str(path), "UTF-8 text", received, "Save it again as UTF-8.")]) from None


def lines_of(path: Path, most: int) -> Iterator[str]:
    """The lines of a UTF-8 file of at most ``most`` bytes, one after another, with what ends them.

    Raises: InputError as ``read_text``.
    """
    if _begins(path, most).startswith(ZIPPED):
        raise InputError([_packed(path)])
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from file
    except UnicodeDecodeError:
        _decoded(path, path.read_bytes())  # where in the file, the decoder of its parts does not know
        raise


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises: InputError when the path is missing, not a regular file, too large or unreadable.
    """
    return _begins(path, LARGEST_FILE, whole=True)


def _begins(path: Path, most: int, *, whole: bool = False) -> bytes:
    """The first bytes of a file of at most ``most`` bytes, or the whole of it."""
    try:
        if path.is_dir():
            raise InputError([Problem(str(path), "a file", "a directory")])
        size = path.stat().st_size
        if not path.is_file():
            # A pipe or a device can block for ever or never end.
            raise InputError([Problem(str(path), "a regular file", "a device or a pipe")])
        if size > most:
            raise InputError([Problem(str(path), f"at most {most:,} bytes long", f"{size:,} bytes")])
        with path.open("rb") as file:
            return file.read() if whole else file.read(len(ZIPPED))
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError([Problem(str(path), "an existing file", "nothing at this path")]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Problem(str(path), "a readable file", shown(reason))]) from None
