"""The shipped studies, scenarios, plans, books and exports: where they are, in a checkout or installed.

>>> import sim
>>> study = sim.load(sim.examples.path("quickstart"))  # doctest: +SKIP
"""

import tomllib
from pathlib import Path
from typing import Final

from sim.errors import InputError, Problem, near_match

PACKAGE: Final = Path(__file__).resolve().parent


def folder() -> Path:
    """The folder ``configs`` with everything that is shipped; not to be written to.

    A wheel carries it inside the package, a checkout beside it.
    """
    installed = PACKAGE / "configs"
    return installed if installed.is_dir() else PACKAGE.parent / "configs"


def names() -> dict[str, str]:
    """The title of each shipped study, by the name that ``path`` and ``csmsim init --example`` know."""
    studies = sorted((folder() / "studies").glob("*.toml"))
    return {each.stem: str(tomllib.loads(each.read_text(encoding="utf-8"))["title"]) for each in studies}


def path(name: str) -> Path:
    """The file of a shipped study.

    Raises: InputError when there is none of that name.
    """
    known = sorted(names())
    if name not in known:
        problem = Problem("example", f"one of {', '.join(known)}", name, near_match(name, known))
        raise InputError([problem])
    return folder() / "studies" / f"{name}.toml"
