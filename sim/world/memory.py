"""Memory that one book has used is kept for the next."""

from functools import cache
from typing import Final

import numpy as np

LARGEST_KEPT: Final = 31 * 2**20
"""Largest array that the allocator is to keep when it is freed; glibc learns nothing from one above 32 MB. [byte]"""


@cache
def keep_memory() -> None:
    """Let the allocator keep what one book has used for the next. Else glibc hands it back to the system after every book,
    and fetches it again page by page: a third of the time of a book. It keeps what is no larger than the largest array
    freed so far; this one is never touched, so it takes no memory. Other allocators do not mind.

    Source: mallopt(3), dynamic mmap threshold.
    """
    np.empty(LARGEST_KEPT, dtype=np.uint8)
