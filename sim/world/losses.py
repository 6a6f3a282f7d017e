"""The largest accounts leave: which ones they are in each world, where every world has a book of its own."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.world.facts import Facts

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def candidates(
    facts: Facts, arrival: NDArray[np.bool_], customer: Integers, last_day: int, worlds: int
) -> Floats:
    """ARR of the customers who are first due in the horizon, at their first account; else -1. [account, world] [usd/yr]

    customer : the first account of the customer of each. [account]
    """
    shape = (len(arrival), worlds)
    due, arr = np.broadcast_to(facts.due_day, shape), np.broadcast_to(facts.arr, shape)
    inside = (due >= 0) & (due < last_day) & ~arrival[:, None]
    if len(np.unique(customer)) == len(customer):
        return np.where(inside, arr, -1.0)
    due_arr, some = np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    np.add.at(due_arr, customer, np.where(inside, arr, 0.0))
    np.logical_or.at(some, customer, inside)
    return np.where(some, due_arr, -1.0)


def largest_of(books: Iterator[tuple[int, Floats]], number: int, worlds: int) -> Integers:
    """The ``number`` largest accounts over all books, the first of equal ones before the others; -1 where there are no more.
    [place, world]

    books : first account of each book, and ARR as in ``candidates``; one book in memory at a time.
    """
    arr, account = np.full((0, worlds), -1.0), np.full((0, worlds), -1, dtype=np.int64)
    for first, found in books:
        names = np.broadcast_to(np.arange(first, first + len(found))[:, None], found.shape)
        arr, account = np.concatenate([arr, found]), np.concatenate([account, names])
        order = np.argsort(-arr, axis=0, kind="stable")[:number]
        arr, account = np.take_along_axis(arr, order, axis=0), np.take_along_axis(account, order, axis=0)
    return np.where(arr > 0.0, account, -1)


def lose(facts: Facts, first: int, customer: Integers, largest: Integers) -> Facts:
    """The facts of a book, with the largest customers certain to leave at every due date.

    first    : first account of the book.
    customer : as in ``candidates``. [account]
    largest  : as in ``largest_of``. [place, world]
    """
    accounts, worlds = facts.arr.shape[0], largest.shape[1]
    place = largest - first
    mine = (largest >= 0) & (place >= 0) & (place < accounts)
    _, column = np.nonzero(mine)
    leaving = np.zeros((accounts, worlds), dtype=np.bool_)
    leaving[place[mine], column] = True
    leaving = leaving[customer]
    shape = (*facts.churn.shape[:2], worlds)
    churn = np.broadcast_to(facts.churn, shape).copy()
    churn[np.broadcast_to(leaving[:, None], shape)] = np.inf
    return facts._replace(churn=churn)
