"""The keyed generator: Philox4x32-10, a pure function from (key, counter) to four random words.

Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011); known answers from
the authors' Random123 distribution.
"""

import numpy as np

from sim.kernel import leaf

U64 = np.uint64
U32 = np.uint32

MULTIPLIER_0 = U64(0xD2511F53)
MULTIPLIER_1 = U64(0xCD9E8D57)
WEYL_0 = U64(0x9E3779B9)
WEYL_1 = U64(0xBB67AE85)
LOW = U64(0xFFFFFFFF)
WORD = U64(32)

Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]


@leaf
def philox_round(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> Words:
    """One round; every value is a 32-bit word held in 64 bits, so that no addition can overflow."""
    p0 = MULTIPLIER_0 * c0
    p1 = MULTIPLIER_1 * c2
    return (p1 >> WORD) ^ c1 ^ k0, p1 & LOW, (p0 >> WORD) ^ c3 ^ k1, p0 & LOW


@leaf
def philox(c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64) -> Words:
    """Four random words for a counter of four words and a key of two."""
    c0, c1, c2, c3 = philox_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    c0, c1, c2, c3 = philox_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    c0, c1, c2, c3 = philox_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    c0, c1, c2, c3 = philox_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    c0, c1, c2, c3 = philox_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    c0, c1, c2, c3 = philox_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    c0, c1, c2, c3 = philox_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    c0, c1, c2, c3 = philox_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    c0, c1, c2, c3 = philox_round(c0, c1, c2, c3, k0, k1)
    k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    return philox_round(c0, c1, c2, c3, k0, k1)
