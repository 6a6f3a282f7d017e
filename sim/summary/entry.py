"""Entries of the summary: frozen models whose fields carry unit and meaning, from which the JSON Schema is made.

An entry is written by its own fields' names; what was not computed, or has no value, is absent.
"""

from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

Document = dict[str, Any]


class Entry(BaseModel):
    """A group of numbers of the summary. An unknown key is an error; so are NaN and infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    def document(self) -> Document:
        """Plain values under the names that files have; without what is absent."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @classmethod
    def unit_of(cls, name: str) -> str:
        """The unit of a number by the name that files have for it; empty where it has none."""
        for key, field in cls.model_fields.items():
            if name == (field.alias or key) and isinstance(extra := field.json_schema_extra, dict):
                return str(extra.get("unit", ""))
        return ""

    def without_means(self) -> Self:
        """The same without what is marked as a mean of pay: all that does not exist where pay is too heavy-tailed."""
        fields = type(self).model_fields.items()
        return self.model_copy(
            update={
                name: None if _is_mean(field) else _without_means(getattr(self, name))
                for name, field in fields
            }
        )

    @classmethod
    def of(cls, **values: Any) -> Self:
        """The entry of numbers whose names are worked out, such as ``x``, ``x_se`` and ``x_ci95``."""
        return cls.model_validate(values)


def _is_mean(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get(MEAN))


def _without_means(value: Any) -> Any:
    if isinstance(value, Entry):
        return value.without_means()
    if isinstance(value, tuple):
        return tuple(map(_without_means, value))
    if isinstance(value, dict):
        return {key: _without_means(each) for key, each in value.items()}
    return value


class Part(Entry):
    """What one question writes into a plan's entry of the summary, or beside the plans: its fields are sections there."""

    def joined(self, other: Self) -> Self:
        """With what another pass of the same question found."""
        return self.model_copy(update={name: getattr(other, name) for name in other.model_fields_set})

    @property
    def not_measured(self) -> str | None:
        """Why what was asked has no answer; None where it has, or was not asked."""
        return None

    @property
    def assumes_more(self) -> str | None:
        """What of CSMs' behaviour the part looks at, where it looks at more than the same under every plan."""
        return None

    @property
    def fragile(self) -> bool:
        """Whether the part says that the means of a plan's money rest on a few worlds."""
        return False


ABSENT: Any = None
"""Of a number that need not be there."""
MEAN: Final = "mean_of_pay"
"""Marks a field that is a mean over worlds of pay, or rests on one, in the schema too: absent where pay has no mean.
Quantiles, shares of worlds and periods, and what is bounded (Gini, unevenness) are not marked.
"""


def usd(meaning: str, default: Any = ..., per: str = "", alias: str | None = None, mean: bool = False) -> Any:
    """A field of money. per : what it is for, such as ``CSM-year``; mean : as ``MEAN``. [usd]"""
    return measured(f"usd/{per}" if per else "usd", meaning, default, alias, mean)


def share(meaning: str, default: Any = ..., mean: bool = False) -> Any:
    """A field that is a fraction, 0.9 for 90 %. mean : as ``MEAN``. [share]"""
    return measured("share", meaning, default, mean=mean)


def count(meaning: str, default: Any = ..., mean: bool = False) -> Any:
    """A field that counts. mean : as ``MEAN``. [count]"""
    return measured("count", meaning, default, mean=mean)


def measured(
    unit: str, meaning: str, default: Any = ..., alias: str | None = None, mean: bool = False
) -> Any:
    """A field of another unit, such as ``usd/usd`` or ``ARR-years``. mean : as ``MEAN``."""
    return Field(
        default,
        description=meaning,
        alias=alias,
        json_schema_extra={"unit": unit} | ({MEAN: True} if mean else {}),
    )


def text(meaning: str, default: Any = ..., mean: bool = False) -> Any:
    """A name or a sentence, or a group of entries. mean : as ``MEAN``, of all in it."""
    return Field(default, description=meaning, json_schema_extra={MEAN: True} if mean else None)
