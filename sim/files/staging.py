"""A hidden folder beside a target in which the new content is prepared: locked while its process lives, and cleaned by a
later one when it was killed.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sim.files.manifest import MANIFEST, Manifest, digest_of, entries_of, read_manifest

PREFIX: Final = ".csmsim-"
NEW: Final = "new"
"""What becomes the target; after the exchange, what the target was."""
LOCK: Final = "lock"
"""Held by the process that prepares; its text is the name of the target."""
OLD: Final = ".old-"
MOMENT: Final = 60.0
"""A process that has made its folder has locked it by then. [s]"""


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """A staging folder for ``target``; it is gone after the block, and so are those that killed processes left.

    Raises: BlockingIOError when another process prepares the same target; OSError when there is no place for it.
    """
    made = _made(target.parent)
    try:
        for left in _left_behind(target.parent):
            _clean(left)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=target.parent))
        lock = _locked(folder / LOCK, target.name)
        try:
            for other in target.parent.glob(f"{PREFIX}*"):
                if other != folder and _target_of(other) == target.name:
                    raise BlockingIOError
            (folder / NEW).mkdir()
            yield folder
        finally:
            _remove(folder)
            if lock is not None:
                os.close(lock)
    finally:
        for each in reversed(made):
            with suppress(OSError):
                each.rmdir()


def retire(old: Path, new: Path | None, aside: Path) -> Path | None:
    """Delete a folder that was replaced, but nothing that is not this program's: that is kept under a name like ``aside``.

    new : the folder that replaced it, which may hold some of its files.

    Returns: where something was kept.
    """
    manifest = read_manifest(old) or Manifest("")
    for name, directory in list(entries_of(old)):
        if not directory and (not manifest.changed(old, name) or _same(old / name, new, name)):
            (old / name).unlink()
    for name, directory in sorted(entries_of(old), reverse=True):
        if directory:
            with suppress(OSError):
                (old / name).rmdir()
    if any(not directory for _, directory in entries_of(old)):
        kept = free_name(aside)
        os.replace(old, kept)
        return kept
    shutil.rmtree(old, ignore_errors=True)
    return None


def free_name(path: Path) -> Path:
    """The first of ``path.old-1``, ``path.old-2``, ... that names nothing."""
    number = 1
    while os.path.lexists(candidate := path.with_name(f"{path.name}{OLD}{number}")):
        number += 1
    return candidate


def _same(path: Path, new: Path | None, name: str) -> bool:
    """Whether the new folder holds the same file."""
    if new is None or path.is_symlink():
        return new is not None and (new / name).is_symlink() and os.readlink(path) == os.readlink(new / name)
    try:
        return os.path.samefile(path, new / name) or (
            path.is_file() and (new / name).is_file() and digest_of(path) == digest_of(new / name)
        )
    except OSError:
        return False


def _made(parent: Path) -> list[Path]:
    """The folders that had to be made, outermost first."""
    absent = [each for each in (parent, *parent.parents) if not each.exists()]
    parent.mkdir(parents=True, exist_ok=True)
    return absent[::-1]


def _locked(path: Path, text: str) -> int | None:
    """A descriptor that holds the lock of a file for as long as the process lives; None where a system has no such locks."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if sys.platform == "win32":
        os.write(handle, os.fsencode(text))
        os.close(handle)
        return None
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(handle, os.fsencode(text))
    except BaseException:
        os.close(handle)
        raise
    return handle


def _left_behind(parent: Path) -> list[Path]:
    """Staging folders whose process is gone."""
    return [each for each in parent.glob(f"{PREFIX}*") if each.is_dir() and not _alive(each)]


def _alive(folder: Path) -> bool:
    """Whether some process holds the folder's lock; where that cannot be known, it is taken for alive."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        handle = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return any(folder.iterdir()) or time.time() - folder.stat().st_mtime < MOMENT
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _remove(folder: Path) -> None:
    """Remove a staging folder, its lock last: without one, what is left of it could not be told from somebody's work."""
    with suppress(OSError):
        for each in folder.iterdir():
            if each.name != LOCK:
                shutil.rmtree(each, ignore_errors=True)
        if [each.name for each in folder.iterdir()] in ([], [LOCK]):
            shutil.rmtree(folder, ignore_errors=True)


def _target_of(folder: Path) -> str:
    try:
        return os.fsdecode((folder / LOCK).read_bytes())
    except OSError:
        return ""


def _clean(left: Path) -> None:
    """Undo or finish what a killed process began: nothing but its own work is deleted."""
    name, content = _target_of(left), left / NEW
    target = left.parent / name
    with suppress(OSError):
        if (left / "old").exists():  # killed between the two steps of a file system that cannot exchange
            if name and not os.path.lexists(target):
                os.replace(left / "old", target)
            else:
                retire(left / "old", target, target)
        if (content / MANIFEST).exists():
            retire(content, target, target)
        _remove(left)
