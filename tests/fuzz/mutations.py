"""Ways in which a valid file goes wrong: in its document, its numbers, its cells or its bytes. All take their choices from
one ``random.Random``, so that an input is its kind and its number.
"""

import copy
import json
import pickle
from datetime import date, datetime, timedelta

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
MILD = 0.15
"""Share of the inputs that are nudged alone: most of these are valid, and reach what lies behind the checks."""
NUDGES = (0.0, 0.3, 0.5, 0.9, 0.99, 1.0, 1.01, 1.1, 1.5, 2.0, 3.0)
DAYS = (-365, -90, -1, 1, 30, 365)


def document_of(document, choices):
    """A copy with one to three mistakes, or with nudged numbers alone."""
    document = pickle.loads(pickle.dumps(document))
    change = nudge if choices.random() < MILD else mutate
    for _ in range(choices.choice((1, 1, 1, 2, 3))):
        change(document, choices)
    return document


def nudge(document, choices):
    """Move one number or date a little, turn a switch, or give an entry the value of its namesake elsewhere."""
    places = [
        (holder, key)
        for *parents, key in paths(document)
        for holder in [held(document, parents)]
        if isinstance(holder[key], int | float | date)
    ]
    if not places:
        return
    holder, key = choices.choice(places)
    namesakes = [other[key] for other, name in places if name == key and isinstance(key, str)]
    if choices.random() < 0.3 and namesakes:
        holder[key] = choices.choice(namesakes)
    else:
        holder[key] = nudged(holder[key], choices)


def held(document, parents):
    """What lies at the end of a path."""
    for parent in parents:
        document = document[parent]
    return document


def nudged(value, choices):
    """A value near another, or the other one of two."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, date):
        return value + timedelta(days=choices.choice(DAYS))
    return type(value)(value * choices.choice(NUDGES)) if abs(value) < 1e300 else value


def mutate(document, choices):
    """Drop, rename, double, scale or replace one place of a document, where it stands."""
    places = list(paths(document))
    if not places:
        return
    *parents, key = choices.choice(places)
    holder = held(document, parents)
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
        found = other.get(source) if isinstance(other, dict) else None
        holder[key] = copy.deepcopy(found)
        if found is None:
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


def nudged_table(rows, choices):
    """Cells moved a little, or put in the place of another of their column; rows doubled or dropped."""
    for _ in range(choices.randint(1, 4)):
        row = choices.randrange(1, len(rows))
        column = choices.randrange(len(rows[0]))
        action = choices.choice(("move", "move", "move", "cell", "cell", "double", "drop"))
        if action == "move":
            rows[row][column] = nudged_cell(rows[row][column], choices)
        elif action == "cell":
            rows[row][column] = rows[choices.randrange(1, len(rows))][column]
        elif action == "double":
            rows.append(list(rows[row]))
        elif len(rows) > 2:
            del rows[row]
    return "\n".join(",".join(row) for row in rows) + "\n"


def nudged_cell(text, choices):
    """A number or a date near another; an empty cell and a name stay."""
    for read, written in ((int, str), (float, repr), (date.fromisoformat, date.isoformat)):
        try:
            return written(nudged(read(text), choices))
        except ValueError:
            continue
    return text


def table_of(text, choices):
    """Wrong cells, rows and headers, or nudged cells alone."""
    rows = [line.split(",") for line in text.splitlines()]
    if choices.random() < MILD:
        return nudged_table(rows, choices)
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
