"""The one way a kernel is compiled: typed for the type checker, cached on disk, free of the GIL, vectorisable.

``error_model="numpy"`` removes the ZeroDivisionError exit that otherwise stops LLVM from vectorising any loop with a
division (measured: about 7x). ``fastmath`` stays off, so that results are the same bits on every machine.
A kernel takes arrays, writes ``out`` last, checks nothing and also runs as plain Python (``NUMBA_DISABLE_JIT=1``).
"""

from collections.abc import Callable
from typing import TypeVar

import numba

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a loop over arrays."""
    compiled: F = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    return compiled


def leaf(function: F) -> F:
    """Compile a scalar function that kernels call in their innermost loop; inlined by LLVM."""
    compiled: F = numba.njit(nogil=True, cache=True, error_model="numpy", inline="never")(function)
    return compiled
