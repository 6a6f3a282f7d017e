"""The one way a kernel is compiled: typed for the type checker, cached on disk, free of the GIL, vectorisable.

``error_model="numpy"`` removes the ZeroDivisionError exit that otherwise stops LLVM from vectorising any loop with a
division (measured: about 7x). ``fastmath`` stays off, so that results are the same bits on every machine.
A kernel takes arrays, writes ``out`` last, checks nothing and also runs as plain Python (``NUMBA_DISABLE_JIT=1``).
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a loop over arrays."""
    compiled: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    return cast(F, compiled)


def leaf(function: F) -> F:
    """Compile a scalar function for innermost loops: always inlined, or the loop would not vectorise."""
    compiled: Any = numba.njit(nogil=True, error_model="numpy", forceinline=True)(function)
    return cast(F, compiled)
