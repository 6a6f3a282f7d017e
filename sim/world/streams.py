"""Keyed draws: every random word is a pure function of (seed, world, who, which decision), never of what was drawn before.

The key is a strong mix of the seed; the counter is (world, 64-bit identity, tag), where the tag names the decision and
its number. The table of decisions is append-only: a change of it, or of the words a decision reads, is a change of the
draw plan, and ``DRAW_PLAN`` then moves on.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.world.normal import uniform
from sim.world.philox import U32, U64, philox

DRAW_PLAN: Final = 2
"""Version of the table below and of how its words are used; results are comparable bit for bit only within one."""

ONCE: Final = 0xFFFF_FFFF
"""The world in which a drawn book is drawn that is held in all worlds."""

FIRST_PERIOD: Final = 64
"""Number under which the first period of the horizon is drawn: periods before it, however many, have smaller ones, so that
a wider edge moves no draw. A multiple of four, the words of a group."""
FIRST_RENEWAL: Final = 64
"""Number under which an account's first due date in the horizon is drawn, if every contract before it ran its term."""

BOOK: Final = 1
"""An account's ARR, term and due month and day; under number 1, its place among its segment's by how likely it is to
leave."""
MARKET: Final = 2
"""The market factor of a period."""
SKILL: Final = 3
"""A CSM's skill, by number of the tenure."""
RENEWAL: Final = 4
"""What becomes of one renewal: two groups of four words."""
EXPANSION: Final = 5
"""Whether an account grows in a period: one word a period."""
EXPANSION_EVENT: Final = 6
"""Number and size of an account's expansions in a period where it grows."""
MOVABLE: Final = 7
"""Whether one renewal could be signed a period early (first word), and held past its period (second word)."""

TURNOVER: Final = 16
"""How long a CSM stays."""
ARRIVAL: Final = 17
"""When a new account arrives, its ARR and term."""
NOTICE: Final = 18
"""How long before the due day a customer says that it leaves or shrinks."""
KPI: Final = 19
"""The noise of a KPI reading of an account in a period: one word a KPI."""
ONBOARDING: Final = 20
"""How long a new account takes to onboard."""

DECISIONS: Final = {
    "book": BOOK,
    "market": MARKET,
    "skill": SKILL,
    "renewal": RENEWAL,
    "expansion": EXPANSION,
    "expansion_event": EXPANSION_EVENT,
    "movable": MOVABLE,
    "turnover": TURNOVER,
    "arrival": ARRIVAL,
    "notice": NOTICE,
    "kpi": KPI,
    "onboarding": ONBOARDING,
}

NUMBER_SHIFT = U64(8)
DECISION_SHIFT = U64(24)
LOW_WORD = U64(0xFFFFFFFF)
WORD_SHIFT = U64(32)


class Key(NamedTuple):
    """The two words of the generator's key."""

    k0: np.uint64
    k1: np.uint64


def make_key(seed: int) -> Key:
    """The key of a seed: 64 bits of its BLAKE2b hash, so that neighbouring seeds share nothing."""
    digest = blake2b(seed.to_bytes(16, "little"), digest_size=8, person=b"csmsim-seed").digest()
    return Key(U64(int.from_bytes(digest[:4], "little")), U64(int.from_bytes(digest[4:], "little")))


def key_of_own(key: Key, name: str) -> Key:
    """The key of the noise of a KPI of one's own: a function of its name, and of no other KPI."""
    words = identity("kpi", name)
    return Key(key.k0 ^ U64(words & 0xFFFFFFFF), key.k1 ^ U64(words >> 32))


def identity(kind: str, name: str) -> int:
    """The stable 64-bit identity of a named account or CSM (BLAKE2b), the same in every run and on every machine."""
    return int.from_bytes(blake2b(f"{kind}:{name}".encode(), digest_size=8).digest(), "little")


def identities(kind: str, names: Iterable[str]) -> NDArray[np.uint64]:
    """The identities of many names.

    Raises: RuntimeError if two names collide (one chance in 3e7 for a million names, by the birthday bound).
    """
    hashes = np.array([identity(kind, name) for name in names], dtype=np.uint64)
    if len(np.unique(hashes)) != len(hashes):
        raise RuntimeError(f"two {kind} names share one 64-bit identity; rename one of them")
    return hashes


def uniforms(
    key: Key, decision: int, number: int, ids: NDArray[np.uint64], worlds: NDArray[np.uint64]
) -> NDArray[np.float32]:
    """Four shares in (0, 1) for each identity in each world, [word, identity, world]."""
    return numbered_uniforms(key, decision, np.full((len(ids), 1), number, dtype=np.int32), ids, worlds)


def numbered_uniforms(
    key: Key, decision: int, number: NDArray[np.int32], ids: NDArray[np.uint64], worlds: NDArray[np.uint64]
) -> NDArray[np.float32]:
    """The same where each identity has a number of its own, [identity, world] (world axis of length 1: in all worlds)."""
    out = np.empty((4, len(ids), len(worlds)), dtype=np.float32)
    fill_uniforms(key.k0, key.k1, tag_of(decision, 0, 0), number, ids, worlds, out)
    return out


def normal_scores(shares: NDArray[np.float32]) -> NDArray[np.float64]:
    """The standard normal values below which ``shares`` lie, for draws outside kernels. Same shape.

    Source: inverse of the normal distribution, scipy.special.ndtri.
    """
    from scipy.special import ndtri

    return np.asarray(ndtri(shares.astype(np.float64)))


def tag_of(decision: int, number: int, group: int) -> np.uint64:
    """The last counter word: decision (8 bits), its number (16 bits), the group of four words (8 bits)."""
    return U64(decision << 24 | number << 8 | group)


@kernel
def fill_uniforms(
    k0: np.uint64,
    k1: np.uint64,
    tag: np.uint64,
    number: NDArray[np.int32],
    ids: NDArray[np.uint64],
    worlds: NDArray[np.uint64],
    out: NDArray[np.float32],
) -> None:
    """Draw one group of words for every identity and world."""
    step = 1 if number.shape[1] > 1 else 0
    for a in range(len(ids)):
        for w in range(len(worlds)):
            which = tag + (U64(number[a, w * step]) << NUMBER_SHIFT)
            word = philox(worlds[w], ids[a] & LOW_WORD, ids[a] >> WORD_SHIFT, which, k0, k1)
            out[0, a, w] = uniform(U32(word[0]))
            out[1, a, w] = uniform(U32(word[1]))
            out[2, a, w] = uniform(U32(word[2]))
            out[3, a, w] = uniform(U32(word[3]))
