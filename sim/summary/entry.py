"""Entries of the summary: frozen models whose fields carry unit and meaning, from which the JSON Schema is made.

An entry is written by its own fields' names; what was not computed, or has no value, is absent.
"""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

Document = dict[str, Any]


class Entry(BaseModel):
    """A group of numbers of the summary. An unknown key is an error; so are NaN and infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    def document(self) -> Document:
        """Plain values under the names that files have; without what is absent."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @classmethod
    def of(cls, **values: Any) -> Self:
        """The entry of numbers whose names are worked out, such as ``x``, ``x_se`` and ``x_ci95``."""
        return cls.model_validate(values)


class Part(Entry):
    """What one question writes into a plan's entry of the summary, or beside the plans: its fields are sections there."""

    @property
    def fragile(self) -> bool:
        """Whether the part says that the means of a plan's money rest on a few worlds."""
        return False


ABSENT: Any = None
"""Of a number that need not be there."""


def usd(meaning: str, default: Any = ..., per: str = "", alias: str | None = None) -> Any:
    """A field of money. per : what it is for, such as ``CSM-year``. [usd]"""
    return _measured(f"usd/{per}" if per else "usd", meaning, default, alias)


def share(meaning: str, default: Any = ...) -> Any:
    """A field that is a fraction, 0.9 for 90 %. [share]"""
    return _measured("share", meaning, default)


def count(meaning: str, default: Any = ...) -> Any:
    """A field that counts. [count]"""
    return _measured("count", meaning, default)


def measured(unit: str, meaning: str, default: Any = ..., alias: str | None = None) -> Any:
    """A field of another unit, such as ``usd/usd`` or ``ARR-years``."""
    return _measured(unit, meaning, default, alias)


def text(meaning: str, default: Any = ..., alias: str | None = None) -> Any:
    """A name or a sentence, or a group of entries."""
    return Field(default, description=meaning, alias=alias)


def _measured(unit: str, meaning: str, default: Any, alias: str | None = None) -> Any:
    return Field(default, description=meaning, alias=alias, json_schema_extra={"unit": unit})
