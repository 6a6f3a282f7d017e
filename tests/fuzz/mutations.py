"""Ways in which a valid file goes wrong: in its document, its numbers, its cells or its bytes. All take their choices from
one ``random.Random``, so that an input is its kind and its number.
"""

import copy
import json
from datetime import date, datetime

VALUES = (
    True, False, 0, 1, 2, -1, 12, 40, 10**6, 2**31, 2**63, -(2**63), 10**30, 0.0, -0.0, 0.5, 1.0, 1e-300, 5e-324, 90, 0.9,
    1e12, 1e308, -1e308, float("nan"), float("inf"), -float("inf"), "", "x", "0", "[0, inf)", "(0, inf]", "due",
    "cash", "x" * 300, "\x1b[31m", "\u202e", "=1+1", "\n", "💸", [], [0], [1.0, 2.0], [-730, 730], {}, {"a": 1}, [[]], [{}],
    date(1, 1, 1), date(2026, 1, 1), date(9999, 12, 28), datetime(2026, 1, 1, 12),
)  # fmt: skip
"""What stands in the place of a value."""
CELLS = (
    "", " ", "0", "-0", "1", "-1", "1e12", "1e308", "1e-320", "nan", "inf", "0x1", "1_0", "x" * 500, "1,5", '"', "'",
    "1.000",
    "1900-01-01", "2200-12-31", "2026-01-01", "2026-02-30", "0001-01-01", "01/02/2026", "Ann", "ann ", "smb", "12", "120",
    "\x1b", "\u2028", "\u00e9", "e\u0301", "１２", "=1+1", "💸",
)  # fmt: skip
FACTORS = (100.0, 0.01, -1.0, 0.0, 1e-9, 1e9, 1e300)


def document_of(document, choices):
    """A copy with one to three mistakes."""
    document = copy.deepcopy(document)
    for _ in range(choices.choice((1, 1, 1, 2, 3))):
        mutate(document, choices)
    return document


def mutate(document, choices):
    """Drop, rename, double, scale or replace one place of a document, where it stands."""
    places = list(paths(document))
    if not places:
        return
    *parents, key = choices.choice(places)
    holder = document
    for parent in parents:
        holder = holder[parent]
    action = choices.choice(
        ("drop", "rename", "double", "scale", "scale", "replace", "replace", "replace", "copy")
    )
    if action == "drop":
        del holder[key]
    elif action == "rename" and isinstance(holder, dict):
        holder[key + choices.choice(("s", "\x1b", " "))] = holder.pop(key)
    elif action == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    elif action == "scale" and isinstance(holder[key], int | float) and not isinstance(holder[key], bool):
        holder[key] = type(holder[key])(min(max(holder[key] * choices.choice(FACTORS), -1e308), 1e308))
    elif action == "copy":
        *others, source = choices.choice(places)
        other = document
        for parent in others:
            other = other[parent] if not isinstance(other, list) or parent < len(other) else {}
            if not isinstance(other, dict | list):
                return
        held = other.get(source) if isinstance(other, dict) else None
        holder[key] = copy.deepcopy(held)
        if held is None:
            del holder[key]
    else:
        holder[key] = copy.deepcopy(choices.choice(VALUES))


def paths(node, prefix=()):
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*prefix, key)
        yield from paths(value, (*prefix, key))


def bytes_of(content, choices):
    """A few damaged bytes, or an encoding, line ends or a length that nobody expects."""
    action = choices.randrange(10)
    if action == 0:
        return content.decode("utf-8", "replace").encode(
            choices.choice(("utf-16", "cp1252", "utf-8-sig")), "replace"
        )
    if action == 1:
        return content.replace(b"\n", choices.choice((b"\r\n", b"\r", b"\n\n")))
    if action == 2:
        return content[: choices.randrange(len(content) + 1)]
    damaged = bytearray(content)
    for _ in range(choices.randint(1, 4)):
        place = choices.randrange(len(damaged)) if damaged else 0
        damaged[place : place + choices.randrange(4)] = choices.randbytes(choices.randrange(4))
    return bytes(damaged)


def table_of(text, choices):
    """Wrong cells, rows and headers."""
    rows = [line.split(",") for line in text.splitlines()]
    for _ in range(choices.randint(1, 4)):
        row = choices.choice(rows)
        action = choices.choice(("cell", "cell", "cell", "cell", "drop", "double", "swap", "empty", "header"))
        if action == "cell" and row:
            row[choices.randrange(len(row))] = choices.choice(CELLS)
        elif action == "drop" and row:
            row.pop()
        elif action == "swap":
            choices.shuffle(rows)
        elif action == "empty":
            rows.append([""] * choices.randrange(8))
        elif action == "header" and rows[0]:
            rows[0][choices.randrange(len(rows[0]))] = choices.choice(
                (*CELLS, "Amount", "CSM", "segment", "skill")
            )
        else:
            rows.append(list(row))
    return (
        "\n".join(choices.choice((",", ",", ",", ",", ",", ";", "\t")).join(row) for row in rows[:1])
        + "\n"
        + "\n".join(",".join(row) for row in rows[1:])
    )


def as_toml(node):
    """A document as one TOML value; a whole file is its keys, one a line."""
    if isinstance(node, bool):
        return "true" if node else "false"
    if isinstance(node, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(map(as_toml, node)) + "]"
    if isinstance(node, str):
        return json.dumps(node, ensure_ascii=False)
    return node.isoformat() if isinstance(node, date) else repr(node)


def toml_text(document):
    """A whole file."""
    return "\n".join(f"{json.dumps(key)} = {as_toml(value)}" for key, value in document.items())
