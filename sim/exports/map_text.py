"""A proposed map as the commented TOML file that its user keeps."""

from typing import Any, Final

from sim.exports.proposal import Proposal

HEADING: Final = (
    "How csmsim intake reads exports like {name}. Edit it, keep it, and give it again next time:",
    "  csmsim intake NEXT_EXPORT --map THIS_FILE --out HISTORY_DIR",
    "What it does not say is found in the file, or asked.",
)
ABOUT: Final = {
    "file": 'how the file is read, else found: encoding = "cp1252", separator = ";", sheet = "Deals", header_row = 4',
    "columns": "role = the header of its column",
    "dates": 'what stands first in days of numbers: "day first", "month first" or "year first"',
    "amounts": 'decimal: "." or ","; amounts are for a "year" (ARR), "month" (MRR), "quarter", "term" (TCV) or "interval"',
    "stages": "values of the column of stages. Also: ignore = [...], whose rows are set aside",
    "types": "values of the column of record types: renewal, new, expansion, contraction, cancellation, credit, ignore",
    "currency": "code: of the plans; rates: what a unit of another currency is worth in it",
}
MORE: Final = """
# [currency]
# code = "USD"                            # of the plans, and of amounts that name no currency
# rates = {{ EUR = 1.08 }}                  # usd for one EUR

# [[owners]]                              # instead of csm under [columns], where several people share a renewal
# csm = "Renewal Owner"
# share = 0.7                             # or share_column = "Split %"; without either, what the others leave

# [names]
# merge = {{ "Acme inc" = "Acme Inc." }}    # one spelling for another, of a person or an account
# csm_of = {{ "Acme Inc." = "Ana Lopez" }}  # who has which account, where no column says it
# several = "split"                       # what a cell with two people means: "split", the "first" alone, or "one" name

# [contracts]
# repeated = "contracts"                  # further rows of a contract: "contracts", "parts" (payments) or "duplicates"

# [ignore]
# blank = ["TBD"]                         # texts that mean nothing is there
# if_blank = ["csm"]                      # rows without it are set aside
# rows = [{{ column = {column}, equals = ["Test Account"] }}]
"""
MOST_NAMED: Final = 30


def map_text(made: Proposal, name: str) -> str:
    """The proposal as TOML: what is sure, what is to be confirmed, and what could be said besides.

    name : of the export.
    """
    import tomlkit

    why: dict[str, str] = {}
    for role, _, reason in made.evidence:
        why.setdefault(f"columns.{role}", reason)
        why.setdefault(role, reason)
    doubts = dict(made.doubts)
    lines = [f"# {line.format(name=name)}" for line in HEADING]
    if made.system:
        lines.append(f"# The headers are those of {made.system}.")
    document = tomlkit.document()
    document["rows"] = made.document["rows"]
    lines.append(
        tomlkit.dumps(document).rstrip()
        + '   # what a row is: "deals", "book", "kpis", "people" or "transfers"'
    )
    for table, content in made.document.items():
        if table == "rows":
            continue
        if table == "owners":
            lines += ["", f"# CONFIRM: {doubts[table]}", *_entries(table, content)]
            continue
        lines += ["", f"[{table}]   # {ABOUT[table]}"]
        for key, value in content.items():
            place = _place(table, key)
            lines += [f"# CONFIRM: {doubts[place]}"] if place in doubts else []
            remark = why.get(place, "")
            lines.append(_line(key, value) + (f"   # {_one_line(remark)}" if remark else ""))
    if made.unused:
        more = f" and {len(made.unused) - MOST_NAMED} more" if len(made.unused) > MOST_NAMED else ""
        lines += ["", "# Not read: " + _one_line(", ".join(made.unused[:MOST_NAMED])) + more]
    column = tomlkit.item((made.unused or ["Account Name"])[0]).as_string()
    return "\n".join(lines) + "\n" + MORE.format(column=column)


def _entries(table: str, content: list[dict[str, Any]]) -> list[str]:
    """A table of entries; whoever has no share has the rest."""
    lines = []
    for entry in content:
        lines += [f"[[{table}]]", *(_line(key, value) for key, value in entry.items())]
    return lines


def _place(table: str, key: str) -> str:
    return f'dates."{key}"' if table == "dates" else f"{table}.{key}"


def _line(key: str, value: Any) -> str:
    import tomlkit

    return tomlkit.dumps({key: value}).rstrip()


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
