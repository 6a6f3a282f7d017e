"""The characters of an exported text file: told by its byte order mark, or by what its bytes can be."""

import codecs
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import InputError, Problem, shown

LARGEST_EXPORT: Final = 1 << 30
"""A larger export is refused before it is read. [byte]"""
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8, by its byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32, by its byte order mark"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32, by its byte order mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16, by its byte order mark"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16, by its byte order mark"),
)
SAMPLE: Final = 4096
MOST_SHOWN: Final = 3


class Decoded(NamedTuple):
    """The text of a file, and how its encoding is known."""

    text: str
    evidence: str


def content_of(path: Path) -> bytes:
    """The bytes of an export.

    Raises: InputError when it is missing, no regular file, too large or unreadable.
    """
    try:
        if path.is_dir():
            raise InputError([Problem(str(path), "a file", "a directory")])
        size = path.stat().st_size
        if not path.is_file():
            raise InputError([Problem(str(path), "a regular file", "a device or a pipe")])
        if size > LARGEST_EXPORT:
            fix = "Export a shorter range of dates, one file each."
            raise InputError(
                [Problem(str(path), f"at most {LARGEST_EXPORT:,} bytes long", f"{size:,} bytes", fix)]
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError([Problem(str(path), "an existing file", "nothing at this path")]) from None
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Problem(str(path), "a readable file", shown(reason))]) from None
    if not content.strip(b"\0\r\n\t ;,"):
        raise InputError([Problem(str(path), "an export with a header and rows", "an empty file")])
    return content


def decoded(path: Path, content: bytes, encoding: str | None) -> Decoded:
    """The text of an export.

    encoding : as the map names it; None to find it: a byte order mark, zeros in every other byte (UTF-16), strict UTF-8,
               else cp1252, which is what Windows programs of Western Europe and America write.

    Raises: InputError when the bytes are not in that encoding.
    """
    name, evidence = (encoding, f"{encoding}, by the map") if encoding else _found(content)
    try:
        text = content.decode(name).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        fix = (
            'Put its name into encoding under [file] of the map, such as "cp1250", or save it again as UTF-8.'
        )
        raise InputError([Problem(str(path), f"text in the encoding {name}", "other bytes", fix)]) from None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        fix = "The file is damaged or no text."
        raise InputError([Problem(f"{path}, row {row}", "text", "a NUL byte", fix)])
    return Decoded(text, evidence + _samples(text) if name == "cp1252" else evidence)


def _found(content: bytes) -> tuple[str, str]:
    for mark, name, evidence in MARKS:
        if content.startswith(mark):
            return name, evidence
    sample = content[:SAMPLE]
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(sample) > 3 and zeros.count(0) > 0.7 * len(zeros):
            return name, "UTF-16 without a byte order mark, by its zeros"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252", "cp1252, as it is not UTF-8"
    return "utf-8", "UTF-8"


def _samples(text: str) -> str:
    """Some words with letters that another encoding would show as others: the eye of the reader decides."""
    words = dict.fromkeys(
        word.strip("\"'.;:")
        for word in text.replace(",", " ").replace(";", " ").split()
        if not word.isascii()
    )
    shown_words = ", ".join(list(words)[:MOST_SHOWN])
    return f" (it reads {shown_words})" if shown_words else ""
