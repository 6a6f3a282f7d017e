"""The one way a kernel is compiled: typed for the type checker, cached on disk, free of the GIL, vectorisable.

``error_model="numpy"`` removes the ZeroDivisionError exit that otherwise stops LLVM from vectorising any loop with a
division (measured: about 7x). ``fastmath`` stays off, so that results are the same bits on every machine.
A kernel takes arrays, writes ``out`` last, checks nothing and also runs as plain Python (``NUMBA_DISABLE_JIT=1``).
"""

import os
import shutil
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])

CACHES_KEPT = 3
KERNEL_ROOMS = ("", "world", "plan", "measure")
CONFIG: Any = numba.config


def kernel(function: F) -> F:
    """Compile a loop over arrays."""
    before = CONFIG.CACHE_DIR
    CONFIG.CACHE_DIR = CACHE
    try:
        compiled: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    finally:
        CONFIG.CACHE_DIR = before
    return cast(F, compiled)


def leaf(function: F) -> F:
    """Compile a scalar function for innermost loops: always inlined, or the loop would not vectorise."""
    compiled: Any = numba.njit(nogil=True, error_model="numpy", forceinline=True)(function)
    return cast(F, compiled)


def cache_directory() -> str:
    """Where compiled kernels are kept: a folder named by the content of the rooms that hold kernels and their constants.

    Numba only looks at the file a kernel stands in, and would go on using a caller that has an older callee compiled
    into it. The folder lies beside the sources, or with the user's caches where those cannot be written.
    """
    package = Path(__file__).parent
    digest = blake2b(digest_size=8)
    for room in KERNEL_ROOMS:
        for source in sorted((package / room).glob("*.py")):
            digest.update(source.read_bytes())
    home = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "csmsim"
    root = package / "__pycache__" if os.access(package, os.W_OK) else home
    current = root / f"kernels-{digest.hexdigest()}"
    if not current.exists():
        earlier = sorted(root.glob("kernels-*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in earlier[CACHES_KEPT - 1 :]:
            shutil.rmtree(folder, ignore_errors=True)
    return str(current)


CACHE = cache_directory()
