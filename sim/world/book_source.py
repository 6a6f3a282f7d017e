"""Where the book of a scenario comes from, and which of its accounts leave."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.files.toml import Table, refuse


class Loss(Table):
    """Accounts that leave at their first due date in the horizon.

    largest : so many, the largest by ARR. [count]
    of      : ``"company"``, or ``"book"`` for those of every CSM.
    """

    largest: Annotated[int, Field(ge=1, le=1_000)] = 1
    of: Literal["company", "book"] = "company"


class BookSource(Table):
    """Where the book comes from.

    file   : CRM export to read instead of drawing the book: ``csm, account, segment, arr, due_date, term_months``, and
             ``contract`` where an account has several, a row for each; path relative to the scenario file.
    people : file that says what is agreed with its CSMs (``csm, from, target_bonus | ote, pay_mix, quota, period``, as in a
             history): they are paid on their own target, and asked their own quota by a plan that takes it from there.
             Relative to the scenario file.
    redraw : draw the book anew in every world: what each account is worth, when it is due and for how long it has signed.
             On unless it is set to false, which holds one drawn book in all worlds: figures are then those of that book
             alone. A book that is read from a file is never redrawn. What nobody knows of the people and accounts in a
             book (skill, health, how likely each account is to leave) differs between worlds either way, unless the
             file gives it.
    leaves : accounts, by name, that are lost at their next due date in every world.
    lose   : the largest accounts of each world, which are lost at their next due date.
    """

    file: str | None = None
    people: str | None = None
    redraw: bool | None = None
    leaves: Annotated[tuple[str, ...], Field(max_length=10_000)] = ()
    lose: Loss | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if self.file is not None and self.redraw:
            raise refuse("false when a file is given", True, "A real book is not redrawn.", key="redraw")
        return self

    @property
    def drawn_anew(self) -> bool:
        """Whether every world has a book of its own."""
        return self.file is None and self.redraw is not False
