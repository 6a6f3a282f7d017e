"""How docstrings are shown: what they say of each key and argument, as a list."""

import re

import griffe

from sim.files.meanings import ENTRY


class Keys(griffe.Extension):
    """``key : what it is`` becomes an item, the lines under it its continuation; double backticks become single ones."""

    def on_object(self, *, obj: griffe.Object, **_: object) -> None:
        """Called for every object with its docstring."""
        if obj.docstring is not None:
            obj.docstring.value = listed(obj.docstring.value)


def listed(text: str) -> str:
    lines, inside = [], False
    for line in text.splitlines():
        entry = ENTRY.match(line)
        if entry is not None:
            if not inside:
                lines.append("")
            lines.append(f"- **{entry[1]}**: {entry[2]}")
            inside = True
        elif inside and line.startswith(" "):
            lines.append(f"  {line.strip()}")
        else:
            inside = False
            lines.append(line)
    return re.sub(r"``([^`]+)``", r"`\1`", "\n".join(lines))
