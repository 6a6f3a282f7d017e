"""Two names of a file system exchanged in one step, so that there is no moment without the one or the other."""

import ctypes
import errno
import os
import sys
from pathlib import Path
from typing import Any, Final

HERE: Final = -100
"""``AT_FDCWD``: relative paths start from the working directory."""
LINUX_EXCHANGE: Final = 2
DARWIN_SWAP: Final = 2
CANNOT: Final = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)


def exchange(one: Path, other: Path) -> bool:
    """Give each of two existing names what the other had; False where this system or file system cannot.

    Raises: OSError when it can and may not.

    Source: renameat2(2), flag RENAME_EXCHANGE; renamex_np(2), flag RENAME_SWAP.
    """
    call = _call()
    if call is None:
        return False
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


def _call() -> Any:
    """The system's own exchange of two paths, or None."""
    if sys.platform == "win32":
        return None
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        swap = getattr(library, "renamex_np", None)
        return None if swap is None else lambda one, other: swap(one, other, DARWIN_SWAP)
    rename = getattr(library, "renameat2", None)
    return None if rename is None else lambda one, other: rename(HERE, one, HERE, other, LINUX_EXCHANGE)
