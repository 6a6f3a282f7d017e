"""Write results so that nothing half-written ever looks whole: beside first, renamed when complete."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import InputError, Problem

MARK = ".csmsim"
"""A file of this name marks a directory that this program wrote and may replace."""


def check_replaceable(directory: Path) -> None:
    """Refuse a target that holds anything this program did not write.

    Raises: InputError when ``directory`` is a file, or a non-empty directory without our mark.
    """
    if directory.is_file() or (directory.is_dir() and not _ours(directory)):
        what = "a file" if directory.is_file() else "a directory with other files in it"
        raise InputError(
            [
                Problem(
                    f"--out {directory}",
                    "a new, empty or earlier result directory",
                    what,
                    "Choose another --out.",
                )
            ]
        )


@contextmanager
def written_beside(directory: Path) -> Iterator[Path]:
    """A temporary directory that becomes ``directory`` if the block ends without an error, else vanishes.

    Raises: InputError as ``check_replaceable``.
    """
    check_replaceable(directory)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    except OSError as error:
        raise InputError([Problem(f"--out {directory}", "a writable place", repr(error.strerror))]) from None
    try:
        beside.chmod(0o755)
        yield beside
        (beside / MARK).touch()
        _swap(beside, directory)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _ours(directory: Path) -> bool:
    return not any(directory.iterdir()) or (directory / MARK).exists()


def _swap(beside: Path, directory: Path) -> None:
    if not directory.exists():
        os.replace(beside, directory)
        return
    retired = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    os.replace(directory, retired / "old")
    try:
        os.replace(beside, directory)
    except OSError:
        os.replace(retired / "old", directory)
        raise
    finally:
        shutil.rmtree(retired, ignore_errors=True)
