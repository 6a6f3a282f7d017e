"""Multiply and add in one step and with one rounding: faster than two, more exact, and the same bits on every machine.

Left to itself a compiler would fuse on some machines and not on others, and results would differ in their last bits.
Source: IEEE 754-2008, fusedMultiplyAdd.
"""

from typing import Any, Final

import numpy as np
from numba.core import types
from numba.extending import lower_builtin, type_callable

typed: Final[Any] = type_callable
lowered: Final[Any] = lower_builtin


def fma(a: np.float32, b: np.float32, c: np.float32) -> np.float32:
    """A x b + c. As plain Python in double precision, where the product is exact: rounded twice, in one case of 10^8 to
    the neighbouring number.
    """
    return np.float32(np.float64(a) * np.float64(b) + np.float64(c))


@typed(fma)  # type: ignore[untyped-decorator]
def _type(context: Any) -> Any:
    return lambda a, b, c: types.float32


@lowered(fma, types.float32, types.float32, types.float32)  # type: ignore[untyped-decorator]
def _instruction(context: Any, builder: Any, signature: Any, operands: Any) -> Any:
    return builder.fma(*operands)
