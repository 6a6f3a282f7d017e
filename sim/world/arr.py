"""How much ARR accounts have, when a book is drawn."""

from typing import Annotated

from pydantic import Field

from sim.files.toml import Table

Usd = Annotated[float, Field(ge=0.01, le=1e12)]


class ArrCount(Table):
    """So many accounts of so much ARR in every book.

    arr      : of each account. [usd/yr]
    accounts : in each book. [count]
    """

    arr: Usd
    accounts: Annotated[int, Field(ge=1, le=100_000)]


class LognormalArr(Table):
    """ARR per account is lognormal.

    mean     : of an account. [usd/yr]
    sigma    : standard deviation of ln ARR. [1]
    accounts : per CSM. [count]
    """

    mean: Usd
    sigma: Annotated[float, Field(ge=0.0, le=3.0)]
    accounts: Annotated[int, Field(ge=1, le=100_000)]


class ListedArr(Table):
    """Every book of the segment has exactly these accounts.

    listed : so many of so much ARR, row by row.
    """

    listed: Annotated[tuple[ArrCount, ...], Field(min_length=1, max_length=10_000)]


class ArrLaw(Table):
    """Lognormal ARR of an account.

    mean  : of an account. [usd/yr]
    sigma : standard deviation of ln ARR. [1]
    """

    mean: Usd
    sigma: Annotated[float, Field(ge=0.0, le=3.0)]
