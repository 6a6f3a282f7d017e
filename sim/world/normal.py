"""Elementary functions for kernels: single precision, free of branches and of the C library.

They vectorise where calls of ``math.exp`` or ``math.log`` do not, and give the same bits on every machine because
nothing but additions, multiplications (fused where ``fma`` says so), divisions and square roots is used. Errors are
measured in the tests.
"""

import numpy as np

from sim.kernel import leaf
from sim.world.fma import fma

F32 = np.float32
I32 = np.int32

HALF_BITS = np.uint32(9)
UNIT = F32(2.0**-23)
HALF = F32(0.5)
ZERO = F32(0.0)
ONE = F32(1.0)
SMALLEST_SHARE = F32(2.0**-24)
LARGEST_SHARE = F32(1.0 - 2.0**-24)

LOG2_E = F32(1.44269504088896341)
LN2_HIGH = F32(0.693359375)
LN2_LOW = F32(-2.12194440e-4)
EXP_LIMIT = F32(87.0)
SQRT_HALF = F32(0.707106781186547524)
SQRT2 = F32(1.41421356237309505)
EXPONENT_BIAS = I32(127)
MANTISSA_BITS = I32(23)
MANTISSA_MASK = I32(0x007FFFFF)
HALF_EXPONENT = I32(0x3F000000)

E0, E1, E2 = F32(1.9875691500e-4), F32(1.3981999507e-3), F32(8.3334519073e-3)
E3, E4, E5 = F32(4.1665795894e-2), F32(1.6666665459e-1), F32(5.0000001201e-1)

L0, L1, L2 = F32(7.0376836292e-2), F32(-1.1514610310e-1), F32(1.1676998740e-1)
L3, L4, L5 = F32(-1.2420140846e-1), F32(1.4249322787e-1), F32(-1.6668057665e-1)
L6, L7, L8 = F32(2.0000714765e-1), F32(-2.4999993993e-1), F32(3.3333331174e-1)

A0, A1, A2 = F32(2.81022636e-08), F32(3.43273939e-07), F32(-3.5233877e-06)
A3, A4, A5 = F32(-4.39150654e-06), F32(0.00021858087), F32(-0.00125372503)
A6, A7, A8 = F32(-0.00417768164), F32(0.246640727), F32(1.50140941)
B0, B1, B2 = F32(-0.000200214257), F32(0.000100950558), F32(0.00134934322)
B3, B4, B5 = F32(-0.00367342844), F32(0.00573950773), F32(-0.0076224613)
B6, B7, B8 = F32(0.00943887047), F32(1.00167406), F32(2.83297682)
TAIL_FROM = F32(5.0)
CENTRE_SHIFT = F32(2.5)
TAIL_SHIFT = F32(3.0)

T = F32(0.3275911)
T1, T2, T3 = F32(0.254829592), F32(-0.284496736), F32(1.421413741)
T4, T5 = F32(-1.453152027), F32(1.061405429)


@leaf
def uniform(word: np.uint32) -> np.float32:
    """A share strictly between 0 and 1 from the upper 23 bits of a random word; the mean is exactly one half."""
    return (F32(I32(word >> HALF_BITS)) + HALF) * UNIT


@leaf
def exp(x: np.float32) -> np.float32:
    """e^x, for |x| up to 87 (beyond, the value at 87). Relative error below 2e-7. Source: Moshier, Cephes, expf."""
    x = min(max(x, -EXP_LIMIT), EXP_LIMIT)
    n = np.floor(fma(LOG2_E, x, HALF))
    x = fma(n, -LN2_LOW, fma(n, -LN2_HIGH, x))
    y = fma(fma(fma(E0, x, E1), x, E2), x, E3)
    y = fma(fma(y, x, E4), x, E5)
    y = fma(y, x * x, x) + ONE
    return y * I32((I32(n) + EXPONENT_BIAS) << MANTISSA_BITS).view(F32)


@leaf
def log(x: np.float32) -> np.float32:
    """Ln x for normal positive x. Absolute error below 1e-6. Source: Moshier, Cephes, logf."""
    bits = F32(x).view(I32)
    exponent = F32((bits >> MANTISSA_BITS) - (EXPONENT_BIAS - I32(1)))
    m = I32((bits & MANTISSA_MASK) | HALF_EXPONENT).view(F32)
    low = m < SQRT_HALF
    exponent = exponent - ONE if low else exponent
    m = (m + m if low else m) - ONE
    z = m * m
    y = fma(fma(fma(fma(L0, m, L1), m, L2), m, L3), m, L4)
    y = fma(fma(fma(fma(y, m, L5), m, L6), m, L7), m, L8)
    y = fma(y * m, z, fma(exponent, LN2_LOW, -HALF * z))
    return fma(exponent, LN2_HIGH, m + y)


@leaf
def normal_quantile(share: np.float32) -> np.float32:
    """The standard normal value below which ``share`` lies. Absolute error below 3e-6 on the shares of ``uniform``.

    Other shares are rounded to a multiple of 2^-24 first, which only the far tails feel.

    Source: M. Giles, "Approximating the erfinv function", GPU Computing Gems (2011), single precision.
    """
    x = share + share - ONE
    w = -log((ONE - x) * (ONE + x))
    c = w - CENTRE_SHIFT
    t = np.sqrt(max(w, ZERO)) - TAIL_SHIFT
    centre = fma(fma(fma(fma(A0, c, A1), c, A2), c, A3), c, A4)
    centre = fma(fma(fma(fma(centre, c, A5), c, A6), c, A7), c, A8)
    tail = fma(fma(fma(fma(B0, t, B1), t, B2), t, B3), t, B4)
    tail = fma(fma(fma(fma(tail, t, B5), t, B6), t, B7), t, B8)
    return np.float32((centre if w < TAIL_FROM else tail) * x * SQRT2)


@leaf
def normal_share(x: np.float32) -> np.float32:
    """The share of a standard normal that lies below ``x``. Absolute error below 3e-7.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 7.1.26.
    """
    y = np.abs(x) * SQRT_HALF
    t = ONE / fma(T, y, ONE)
    series = fma(fma(fma(fma(T5, t, T4), t, T3), t, T2), t, T1)
    upper: np.float32 = HALF * series * t * exp(-y * y)
    return upper if x < ZERO else ONE - upper
