"""Sums of parts of deals, of several books, of several blocks of worlds, and of larger accounts."""

from collections.abc import Sequence

import numpy as np

from sim.records import DealSum, DealSums, DealTerms


def add_deals(one: DealSums, other: DealSums) -> dict[DealTerms, DealSum]:
    """The sums of two sets of books together."""
    return {
        terms: DealSum(*(a + b for a, b in zip(each, other[terms], strict=True)))
        for terms, each in one.items()
    }


def deals_side_by_side(pieces: Sequence[DealSums]) -> dict[DealTerms, DealSum]:
    """One set of sums of the worlds of all pieces, in order."""
    return {
        terms: DealSum(
            *(np.concatenate(each, axis=-1) for each in zip(*(piece[terms] for piece in pieces), strict=True))
        )
        for terms in pieces[0]
    }


def of_smaller(terms: DealTerms, factor: float) -> DealTerms:
    """The deals that are these once they are so many times as large."""
    return terms._replace(from_size=terms.from_size / factor, below_size=terms.below_size / factor)


def scaled_deals(deals: DealSums, factor: float) -> dict[DealTerms, DealSum]:
    """The sums of deals so many times as large, of those whose smaller ones are known too."""
    found = {}
    for terms in deals:
        before = deals.get(of_smaller(terms, factor))
        if before is not None:
            found[terms] = before._replace(arr=factor * before.arr)
    return found
