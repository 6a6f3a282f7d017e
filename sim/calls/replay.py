"""Real deals settled under plans."""

from collections.abc import Sequence
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from sim.calls.found import Found
from sim.errors import InputError, Problem, shown
from sim.shapes.words import counted

if TYPE_CHECKING:
    from sim.explain.explained import Explanation
    from sim.plan.plan import Plan
    from sim.replay.replay import Replay

File = str | PathLike[str]


def replay(
    deals: File,
    plans: "Plan | File | Sequence[Plan | File]",
    *,
    start: date | str,
    periods: int,
    book: File | None = None,
    expansions: File | None = None,
    kpis: File | None = None,
    people: File | None = None,
    transfers: File | None = None,
    calendar: File | None = None,
    anonymous: bool = False,
) -> "Replayed":
    """Settle real deals under each plan: what every CSM is asked, credited and paid, period by period; and against the
    first plan, who gains and who loses by the others.

    deals   : path of the CSV file, or of a history folder; the files that follow as ``csmsim replay`` takes them.
    plans   : one or several, each a plan or the path of its file.
    start   : first day of the first period.
    periods : number of periods: quarters, where no calendar says else.
    anonymous : with people's names masked: CSM 01 and so on.

    Raises: InputError with every problem of every file.
    """
    from sim.replay.report import document, replay_sections

    found = settle(
        deals,
        plans if isinstance(plans, list | tuple) else [plans],  # type: ignore[list-item]
        start,
        periods,
        (book, expansions, kpis, people, transfers, calendar),
        anonymous,
    )
    csms = len({each.csm for each in found.settled})
    names = len({each.plan.name for each in found.settled})
    said = f"Replay({counted(csms, 'CSM')}, {counted(names, 'plan')}, {counted(periods, 'period')})"
    return Replayed(said, found, replay_sections(found), document(found))


class Replayed(Found["Replay"]):
    """What a replay found: every statement; it can be written."""

    def write(self, directory: File, *, force: bool = False) -> Path:
        """Write statements to the cent as CSV, Parquet, a workbook, a page and JSON: whole or not at all, and never over
        anything but an unchanged earlier result of a replay.

        force : replace whatever lies there; it stays beside, as ``NAME.old-1``.

        Raises: InputError when a library is missing, or the directory holds other files or cannot be written.
        """
        from sim.calls.statements import write_statements

        write_statements(self.value, Path(directory), force=force)
        return Path(directory)

    def explain(self, csm: str, plan: str | None = None) -> "Found[Explanation]":
        """One CSM under one plan, the first where none is named, as ``sim.explain`` tells it of a simulated world.

        Raises: InputError when there is no such CSM or plan, or where names are masked.
        """
        from sim.calls.explained import explain_replay
        from sim.explain.report import document, explanation_sections

        found = explain_replay(self.value, csm, plan)
        said = f"Explanation({found.plan.name!r}: {counted(len(found.deals), 'deal')})"
        return Found(said, found, explanation_sections(found), document(found))


def settle(
    deals: File,
    plans: "Sequence[Plan | File]",
    start: date | str,
    periods: int,
    others: Sequence[File | None],
    anonymous: bool = False,
) -> "Replay":
    """The replay alone. others : by the names of ``FOLDER_FILES``, in their order.

    Raises: InputError as ``replay``.
    """
    from sim.files.all_at_once import AllAtOnce
    from sim.plan.plan import Plan, load_plan
    from sim.replay.anonymous import anonymous as masked
    from sim.replay.history_files import FOLDER_FILES, read_history
    from sim.replay.replay import replay

    first = parse_day(start, "--start")
    read = AllAtOnce()
    chosen = [each if isinstance(each, Plan) else read(load_plan, Path(each)) for each in plans]
    beside = (None if each is None else Path(each) for each in others)
    history = read_history(Path(deals), dict(zip(FOLDER_FILES, beside, strict=True)), read)
    read.check()
    files = history()
    found = replay(files, [each for each in chosen if each is not None], first, periods)
    return masked(found, files.deals) if anonymous else found


def parse_day(given: date | str, where: str) -> date:
    """A date that is given as one, or as text.

    Raises: InputError when it is not an ISO date.
    """
    from sim.files.cells import Column, Wrong, parse_cell

    if isinstance(given, date):
        return given
    when = parse_cell(Column(where, "date"), str(given).strip())
    if isinstance(when, Wrong):
        raise InputError([Problem(where, when.allowed, shown(given), when.fix)])
    assert isinstance(when, date)
    return when
