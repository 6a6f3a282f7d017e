"""``python -m benchmarks [--json] [--quick] [--only FIGURE]``: measure everything and print one table."""

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from benchmarks import (
    against_rivals,
    cluster,
    floor,
    gaming,
    memory,
    plans,
    reports,
    rich_plans,
    scaling,
    stages,
    start,
)
from benchmarks.agreement import DisagreementError
from benchmarks.table import show

FIGURES = {
    "rivals": against_rivals,
    "floor": floor,
    "plans": plans,
    "scaling": scaling,
    "memory": memory,
    "start": start,
    "stages": stages,
    "rich": rich_plans,
    "gaming": gaming,
    "reports": reports,
    "cluster": cluster,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when a rival and the engine disagree."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--quick", action="store_true", help="fewer and smaller rounds: a minute or two")
    parser.add_argument("--only", action="append", choices=list(FIGURES), help="this figure; may be repeated")
    options = parser.parse_args(arguments)
    result: dict[str, Any] = {"machine": machine()}
    try:
        for name in options.only or FIGURES:
            result |= FIGURES[name].measure(options.quick)
    except DisagreementError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(result, indent=2) if options.json else show(result))
    return 0


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    packages = {name: version(name) for name in ("numpy", "numba", "llvmlite", "scipy")}
    return {"processor": _processor(), "python": platform.python_version(), **packages}


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


if __name__ == "__main__":
    sys.exit(main())
