"""A result as JSON text, and as a table in a notebook: the same of every result that is a document."""

import json
from typing import Any


class Documented:
    """A result whose content is plain values."""

    @property
    def document(self) -> dict[str, Any]:
        """What was found as plain values."""
        raise NotImplementedError

    def to_json(self) -> str:
        """The document as JSON text; it holds no NaN and no infinity."""
        return json.dumps(self.document, indent=2, ensure_ascii=False, allow_nan=False)


class Shown(Documented):
    """One that shows itself in a notebook as a table."""

    def _repr_html_(self) -> str:
        from sim.report.html import fragment

        return fragment(self.document)
