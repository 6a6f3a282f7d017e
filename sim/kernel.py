"""The one way a kernel is compiled: typed for the type checker, cached on disk, free of the GIL, vectorisable.

``error_model="numpy"`` removes the ZeroDivisionError exit that otherwise stops LLVM from vectorising any loop with a
division (measured: about 7x). ``fastmath`` stays off, so that results are the same bits on every machine.
A kernel takes arrays, writes ``out`` last, checks nothing and also runs as plain Python (``NUMBA_DISABLE_JIT=1``).

Numba's cache only looks at the file a kernel stands in, and would go on using a caller that has an older callee or
constant compiled into it. Here the folder of a kernel's cache is named by the content of its file and of every file of
this package that it imports, directly or not.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])

PACKAGE = Path(__file__).parent
IMPORT = re.compile(
    r"^\s*(?:from\s+(sim(?:\.\w+)*)\s+import\s+(\([^)]*\)|[^\n]+)|import\s+(sim(?:\.\w+)*))", re.M
)
EARLIER_KEPT = 2
CONFIG: Any = numba.config
NO_C: dict[str, Any] = {"no_cfunc_wrapper": True}
"""No way in from C, which nobody takes: a tenth of the time to compile."""


def kernel(function: F) -> F:
    """Compile a loop over arrays."""
    before = CONFIG.CACHE_DIR
    folder = cache_directory(function.__module__, Path(function.__code__.co_filename))
    try:
        if folder is not None:
            CONFIG.CACHE_DIR = str(folder)
        cached = folder is not None
        compiled: Any = numba.njit(nogil=True, cache=cached, error_model="numpy", **NO_C)(function)
    finally:
        CONFIG.CACHE_DIR = before
    return cast(F, compiled)


def stage(function: F) -> F:
    """Compile a part of a kernel without the way in from Python, which takes as long to compile: only kernels may call it.
    A call from Python ends the process.
    """
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cpython_wrapper": True, **NO_C}
    compiled: Any = numba.njit(**options)(function)
    return cast(F, compiled)


def leaf(function: F) -> F:
    """Compile a scalar function for innermost loops: always inlined, or the loop would not vectorise."""
    compiled: Any = numba.njit(nogil=True, error_model="numpy", forceinline=True, **NO_C)(function)
    return cast(F, compiled)


@contextmanager
def compiled_once(work: Callable[..., object], asked: bytes) -> Iterator[bool]:
    """Do a piece of work so that of all processes of a machine the first one compiles what it needs, and the others wait for
    that: whether this is the first is given to the block. Once it has been done here they wait no more.

    asked : tells apart what may need other kernels.
    """
    module = sys.modules[work.__module__]
    folder = cache_directory(work.__module__, Path(str(module.__file__)))
    done = blake2b(work.__qualname__.encode() + asked, digest_size=16).hexdigest()
    if folder is None or sys.platform == "win32" or done in _compiled or (folder / done).exists():
        yield False
        return
    with _alone(folder) as locked:
        yield not (folder / done).exists()
        _compiled.add(done)
        with suppress(OSError):
            if locked:
                (folder / done).touch()


_compiled: set[str] = set()


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Hold the lock of a folder, where it can be locked. A process that is killed lets go of it."""
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "compiling").open("wb")
    except OSError:
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:  # a file system without locks
            yield False
            return
        yield True


@cache
def cache_directory(module: str, source: Path) -> Path | None:
    """Where the compiled kernels of one file are kept; the last few versions stay for other checkouts of work in hand.
    None where nothing can be written: kernels are then compiled in every run.
    """
    root = cache_root()
    if root is None:
        return None
    digest = blake2b(digest_size=8)
    for each in sorted(_closure(source.resolve())):
        digest.update(_content(each))
    current = root / f"{module}-{digest.hexdigest()}"
    if not current.exists():
        earlier = sorted(root.glob(f"{module}-*"), key=_age)
        for folder in earlier[EARLIER_KEPT:]:
            shutil.rmtree(folder, ignore_errors=True)
    return current


@cache
def cache_root() -> Path | None:
    """Beside the sources, or with the user's caches where those cannot be written; None where neither can."""
    home = Path(os.path.expandvars(os.path.expanduser(os.environ.get("XDG_CACHE_HOME", "~/.cache"))))
    for parent in (PACKAGE / "__pycache__", home / "csmsim"):
        try:
            (parent / "kernels").mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(parent / "kernels", os.W_OK):
            return parent / "kernels"
    return None


def _closure(source: Path) -> set[Path]:
    """A file and all files of the package that it imports, directly or not."""
    found, waiting = {source}, [source]
    while waiting:
        for imported in _imports(waiting.pop()):
            if imported not in found:
                found.add(imported)
                waiting.append(imported)
    return found


@cache
def _imports(source: Path) -> tuple[Path, ...]:
    names = {name for match in IMPORT.finditer(_content(source).decode()) for name in _modules(match)}
    paths = (PACKAGE.joinpath(*name.split(".")[1:]) for name in names)
    files = (file for path in paths for file in (path.with_suffix(".py"), path / "__init__.py"))
    return tuple(file.resolve() for file in files if file.is_file())


def _modules(match: re.Match[str]) -> Iterator[str]:
    package, names, plain = match.groups()
    yield plain or package
    if package:  # ``from sim.world import kpi`` may name a module
        yield from (f"{package}.{name}" for name in re.findall(r"\w+", names))


@cache
def _content(source: Path) -> bytes:
    return source.read_bytes()


def _age(folder: Path) -> float:
    try:
        return -folder.stat().st_mtime
    except OSError:
        return 0.0
