"""A stress as its file declares it: what happens, why it is worth asking, and on what grounds."""

from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, PrivateAttr, field_validator, model_validator

from sim.extensions import STRESSES, extensions
from sim.files.share import PositiveShare
from sim.files.toml import Name, Table, read_model, refuse
from sim.questions.stress.move import Change
from sim.world.book_source import Loss

SHIPPED: Final = (
    "recession",
    "whale-leaves",
    "q4-concentration",
    "early-signers",
    "csms-game",
    "hiring-freeze",
    "price-increase",
    "slow-procurement",
    "correlation-doubles",
)
"""Stresses that come with the program, in the order in which they are shown."""
ADDED: Final = extensions(STRESSES, SHIPPED)
"""Stresses of other packages: their files, by name."""
BASE: Final = "as it is"
"""What the scenario without any stress is called."""

Text = Annotated[str, Field(min_length=1, max_length=400)]


class Case(Table):
    """A stress. Everything it does is stated here; what it does not name stays as in the scenario, on the same draws.

    name      : of the stress, for ``--only``, and in results.
    title     : in reports.
    why       : why a plan should stand it.
    source    : where its size comes from, or the word assumption.
    change    : moves of the scenario's inputs.
    lose      : accounts that leave.
    csms_game : share of CSMs who choose booking dates as it pays them best, as far as the scenario says that dates can be
                moved; nobody where left out. [share]
    """

    name: Name
    title: Text
    why: Text
    source: Text
    change: Annotated[tuple[Change, ...], Field(max_length=100)] = ()
    lose: Loss | None = None
    csms_game: PositiveShare | None = None
    _origin: Path | None = PrivateAttr(default=None)

    @property
    def where(self) -> str:
        """The stress in sentences about it: its file."""
        return f"stress {self.name}" if self._origin is None else str(self._origin)

    @field_validator("name")
    @classmethod
    def _one_word(cls, name: str) -> str:
        if not all(letter.isalnum() or letter in "-_" for letter in name):
            raise refuse("letters, digits, '-' and '_'", name)
        return name

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.change and self.lose is None and self.csms_game is None:
            raise refuse("present", None, "A stress needs [[change]], [lose] or csms_game.", key="change")
        return self


def load_case(path: Path) -> Case:
    """Read and check a stress file.

    Raises: InputError with every problem of the file.
    """
    case = read_model(Case, path)
    case._origin = path
    return case


def shipped_cases(names: Sequence[str] = SHIPPED) -> tuple[Case, ...]:
    """Stresses that come with the program, or with other packages, by name."""
    folder = files("sim.questions.stress") / "cases"
    with as_file(folder) as path:
        return tuple(
            load_case(Path(ADDED[name].value) if name in ADDED else path / f"{name}.toml") for name in names
        )
