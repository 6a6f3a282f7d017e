"""A TOML file as an editor with a schema sees it."""

import tomllib
from datetime import date


def as_an_editor_sees(path):
    """Plain values."""
    return jsonable(tomllib.loads(path.read_text(encoding="utf-8")))


def jsonable(value):
    """Dates are text."""
    if isinstance(value, dict):
        return {key: jsonable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
