"""The standard streams: any encoding, closed, full or with a reader who left, and never a fault of the program."""

import os
import sys
from typing import Any


class OutputError(Exception):
    """The output could not be printed, for a reason; ``reader_left`` where its reader wanted no more."""

    def __init__(self, reason: str, reader_left: bool = False) -> None:
        self.reason = reason
        self.reader_left = reader_left
        super().__init__(reason)


def opened(as_json: bool) -> bool:
    """Make the streams take any text; whether the standard output is closed.

    JSON is UTF-8 whatever the terminal's encoding (RFC 8259); elsewhere signs that an encoding lacks are replaced.
    """
    closed = sys.stdout is None
    if closed:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    _reconfigure(sys.stdout, {"encoding": "utf-8"} if as_json else {"errors": "replace"})
    _reconfigure(sys.stderr, {"errors": "backslashreplace"})
    return closed


def flushed(closed: bool) -> None:
    """Bring everything printed to its reader.

    Raises: OutputError when it does not arrive; nothing more is tried then.
    """
    if closed:
        raise OutputError("the standard output is closed")
    try:
        sys.stdout.flush()
    except OSError as error:
        raise silenced(error) from None


def silenced(error: OSError) -> OutputError:
    """What a failure of the output means; nothing more is sent there, as what waits in the buffer would be tried again,
    and complained about, when the interpreter ends.
    """
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())
    os.close(silence)
    return OutputError(error.strerror or str(error), isinstance(error, BrokenPipeError))


def _reconfigure(stream: Any, settings: dict[str, str]) -> None:
    """Where the stream is a plain text stream; a captured one takes any text already."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(**settings)
