"""``csmsim run``: simulate a study, print what it says, and leave the results in a directory."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.taken_up import Cluster, Resume, taken_up, workers_from

if TYPE_CHECKING:
    from rich.console import Console

    from sim.report.documented import Documented
    from sim.shapes.report import Report

FORCE = "Replace whatever lies in DIR; it stays beside, as DIR.old-1."


def run(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY.toml", help="Scenario, plans and seed to simulate.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where results go. [default: results/NAME here]")
    ] = None,
    worlds: Annotated[int | None, typer.Option(metavar="N", help="Worlds, instead of the study's.")] = None,
    threads: Annotated[
        int | None, typer.Option(metavar="N", help="Threads. [default: all processors]")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed, instead of the study's.")] = None,
    block: Annotated[
        int | None, typer.Option(metavar="N", help="Worlds simulated in one piece; changes no result.")
    ] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Mask the names of people: CSM 01, CSM 02, ...")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=FORCE)] = False,
    resume: Resume = True,
    cluster: Cluster = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON and nothing else.")
    ] = False,
) -> None:
    """Simulate what every plan of a study costs, on the same worlds."""
    from sim.files.place import reserved
    from sim.study.load import load

    loaded = load(study)
    directory = Path("results") / loaded.name if out is None else out
    with reserved(directory, "run", study=study, implied=out is None, force=force) as place:
        from sim.study.arguments import altered_study
        from sim.study.run import run as simulate

        loaded = altered_study(loaded, worlds=worlds, seed=seed, threads=threads, block=block)
        about = {"command": "run", "study": loaded.hash, "--block": block}
        with taken_up(place, workers_from(threads, cluster), resume, about) as workers:
            with progress_bar() as progress:
                result = simulate(loaded, executor=workers, block=block, progress=progress)
            result = result.anonymous() if anonymous else result
            place.publish(result.fill)
    from sim.report.reported import reported

    tell(result, lambda: reported(result.document), directory, place.kept, as_json)


def tell(
    result: "Documented", report: Callable[[], "Report"], directory: Path, kept: Path | None, as_json: bool
) -> None:
    """Print a result that was written: as JSON, or as its report and where it lies."""
    if as_json:
        typer.echo(result.to_json())
        return
    from sim.report.terminal.report import printed_report

    console = terminal()
    console.print(printed_report(report()))
    say_where(console, directory, kept)


def say_where(console: "Console", directory: Path, kept: Path | None) -> None:
    """Tell where the results are, and where what lay there before is now."""
    console.print(f"Results: {directory}", style="dim", highlight=False, soft_wrap=True)
    if kept is not None:
        sentence = f"What lay there before is in {directory.parent / kept.name}."
        console.print(sentence, highlight=False, markup=False, soft_wrap=True)


def terminal() -> "Console":
    """Where reports are printed: as wide as the terminal up to 100 columns, and 100 where there is none."""
    from rich.console import Console

    from sim.report.terminal.report import WIDTH
    from sim.report.terminal.visible import guarded

    console = Console()
    file = guarded(sys.stdout, coloured=console.color_system is not None)
    return Console(file=file, width=min(console.width, WIDTH) if console.is_terminal else WIDTH)


@contextmanager
def progress_bar(what: str = "worlds") -> Iterator[Callable[[int, int], None] | None]:
    """A bar on the terminal's error stream; nothing when that is not a terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sim.cli.first_run import SENTENCE, first_run

    if first_run():
        print(SENTENCE, file=sys.stderr)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def counter(label: str) -> Iterator[Callable[[], None] | None]:
    """A count on the terminal's error stream of things whose number is not known before; nothing elsewhere."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda: bar.advance(task)
