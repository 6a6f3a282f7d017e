"""The map of an export: which column is what, and what its words mean. Written once as a proposal, then the user's."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.exports.amounts import CODES, Mark
from sim.exports.dates import Order
from sim.exports.synonyms import ROLES
from sim.files.share import PositiveShare
from sim.files.toml import Table, Text, refuse, refuse_all

Rows: TypeAlias = Literal["deals", "book", "kpis", "people", "transfers"]
Basis: TypeAlias = Literal["year", "quarter", "month", "term", "interval"]
Words: TypeAlias = tuple[Annotated[str, Field(max_length=200)], ...]
Rate: TypeAlias = Annotated[float, Field(gt=0, le=1e6)]

PER_YEAR: Final[dict[Basis, float]] = {"year": 1.0, "quarter": 4.0, "month": 12.0}
"""How often a year an amount comes, by what it is for."""


class File(Table):
    """How the file is read; what is left out is found.

    encoding   : such as "cp1252".
    separator  : one character.
    sheet      : of a workbook.
    header_row : number of the row with the names of the columns.
    """

    encoding: str | None = None
    separator: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    sheet: str | None = None
    header_row: Annotated[int, Field(ge=1)] | None = None


class Amounts(Table):
    """What amounts mean.

    decimal   : the mark of decimals, "." or ","; found where left out.
    arr, booked_arr, change : what each amount is for: a "year" (ARR), a "quarter", a "month" (MRR), the whole "term" (TCV,
                with a column of months), or the billing "interval" that a column names. Growth between renewals that stands
                in the column of booked_arr is for what change says, where it is said.
    decreases : whether contractions, cancellations and credits stand as "negative" or as "positive" amounts.
    events    : whether the amount of an expansion or contraction is the "change", or the new "total" beside the ARR before.
    """

    decimal: Mark | None = None
    arr: Basis = "year"
    booked_arr: Basis = "year"
    change: Basis = "year"
    decreases: Literal["negative", "positive"] | None = None
    events: Literal["change", "total"] | None = None


class Stages(Table):
    """Values of the column of stages: won, lost, still open, or of rows to set aside.

    won, lost, open : stages of renewals that were booked, that will not be, and that may still be.
    ignore          : stages of rows to set aside.
    """

    won: Words = ()
    lost: Words = ()
    open: Words = ()
    ignore: Words = ()


class Types(Table):
    """Values of the column of record types, or of rows to set aside; ``all`` where no column says it.

    renewal, new, expansion, contraction, cancellation, credit : what the export calls each.
    ignore : types of rows to set aside.
    all    : what every row is, where no column says it.
    """

    renewal: Words = ()
    new: Words = ()
    expansion: Words = ()
    contraction: Words = ()
    cancellation: Words = ()
    credit: Words = ()
    ignore: Words = ()
    all: Literal["renewal", "new", "expansion", "contraction", "cancellation", "credit"] | None = None


class Currency(Table):
    """The currency of amounts that name none, and what a unit of each other one is worth in the plans' currency.

    code  : of amounts that name none, such as "USD".
    rates : by code, usd per unit. [usd/unit]

    Rates are one a currency, as companies fix them for a plan year: a rate of the day would move pay with the market.
    """

    code: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    rates: dict[str, Rate] = {}

    @model_validator(mode="after")
    def _codes(self) -> "Currency":
        return refuse_all(self, self._unknown())

    def _unknown(self) -> Iterator[PydanticCustomError]:
        for code in self.rates:
            if code not in CODES:
                yield refuse("keyed by currency codes such as EUR", code, key="rates")


class Owner(Table):
    """A column of names, and the part of the credit that they have: a share, the column that holds it, or the rest.

    csm          : the column of names.
    share        : the same for every row. [share]
    share_column : the column that holds it; a percent or a share. Without either of them: what the others leave, in one
                   entry at most.
    """

    csm: Text
    share: PositiveShare | None = None
    share_column: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> "Owner":
        if self.share is not None and self.share_column is not None:
            raise refuse("one of share and share_column, or neither", "both", key="share")
        return self

    @property
    def rest(self) -> bool:
        """Whether it is what the others leave."""
        return self.share is None and self.share_column is None


class Names(Table):
    """One spelling for another, who has which account where no column says it, and several people in one cell.

    merge   : by each spelling that is found, the one to use.
    csm_of  : by account, the CSM.
    several : what a cell such as ``Ida Berg; Tom Ek`` means: people who "split" it, in equal parts or as the column of
              shares lists them (``70;30``), the "first" of them alone, or "one" name. A name that ``merge`` has is one.
    """

    merge: dict[str, Text] = {}
    csm_of: dict[str, Text] = {}
    several: Literal["split", "first", "one"] | None = None


class Contracts(Table):
    """What further rows of a contract (of an account and due date, without ids) are: its dated ``parts``, other
    ``contracts``, or the same row again (``duplicates``, of which the first is used).

    repeated : which of the three.
    """

    repeated: Literal["parts", "contracts", "duplicates"] | None = None


class Where(Table):
    """Rows to set aside: those in which a column holds one of these texts.

    column : as the header of the export has it.
    equals : the texts, whole and without regard to case.
    """

    column: Text
    equals: Annotated[Words, Field(min_length=1)]


class Ignore(Table):
    """What is not used.

    columns : not read, although they look like something.
    blank   : further texts that mean nothing is there.
    if_blank : roles; rows in which one of them is blank are set aside.
    rows    : rows with these texts are set aside.
    """

    columns: Words = ()
    blank: Words = ()
    if_blank: Words = ()
    rows: tuple[Where, ...] = ()


class Map(Table):
    """The map of an export.

    rows    : what a row is: "deals" (renewals, growth, cancellations, credits), "book" (an account or contract in force),
              "kpis", "people" or "transfers".
    columns : the header of each role.
    dates   : by header, whether day, month or year stands first.
    """

    rows: Rows = "deals"
    file: File = File()
    columns: dict[str, Text] = {}
    owners: tuple[Owner, ...] = ()
    dates: dict[str, Order] = {}
    amounts: Amounts = Amounts()
    stages: Stages = Stages()
    types: Types = Types()
    currency: Currency = Currency()
    names: Names = Names()
    contracts: Contracts = Contracts()
    ignore: Ignore = Ignore()

    @model_validator(mode="after")
    def _consistent(self) -> "Map":
        return refuse_all(self, self._slips())

    def _slips(self) -> Iterator[PydanticCustomError]:
        roles = ROLES[self.rows]
        for role in self.columns:
            if role not in roles:
                yield refuse(f"keyed by roles of {self.rows} ({', '.join(roles)})", role, key="columns")
        if self.owners and "csm" in self.columns:
            yield refuse("left out of columns, as [[owners]] are given", self.columns["csm"], key="columns")
        if sum(owner.rest for owner in self.owners) > 1:
            yield refuse("a share or share_column in all but one", "several without", key="owners")
        shares = [owner.share for owner in self.owners if owner.share is not None]
        if self.owners and len(shares) == len(self.owners) and abs(sum(shares) - 1.0) > 1e-9:
            yield refuse("shares that add up to 1", sum(shares), key="owners")
        for role in self.ignore.if_blank:
            if role not in roles:
                yield refuse(f"roles of {self.rows} ({', '.join(roles)})", role, key="ignore")
        for what, words in (("stages", self.stages), ("types", self.types)):
            seen: dict[str, str] = {}
            for key, values in words.model_dump(exclude={"all"}).items():
                for value in values:
                    if seen.setdefault(value, key) != key:
                        yield refuse(f"in one list only ({seen[value]} or {key})", value, key=what)
