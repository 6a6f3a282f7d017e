"""The command line: one module a command; heavy imports happen inside the commands."""

import json
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Final, NoReturn

import typer

import sim
from sim.cli import app as what_if
from sim.cli.backtest import backtest
from sim.cli.calibrate import calibrate
from sim.cli.compare import compare
from sim.cli.explain import explain
from sim.cli.init import init
from sim.cli.intake import intake
from sim.cli.lint import lint
from sim.cli.little import is_little
from sim.cli.output import OutputError, flushed, opened, silenced
from sim.cli.rank import rank
from sim.cli.reference import help_, schema
from sim.cli.reforecast import reforecast
from sim.cli.replay import replay
from sim.cli.report import report
from sim.cli.run import run
from sim.cli.search import search
from sim.cli.signals import Signals
from sim.cli.stress import stress
from sim.cli.sweep import solve, sweep
from sim.errors import InputError
from sim.files.place import published
from sim.files.unfinished import left_unfinished
from sim.visible import visible

DONE: Final = 0
FAILED: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130
"""Exit code after Ctrl-C, as shells expect it: 128 + SIGINT."""
BROKEN_PIPE: Final = 141
"""Exit code where the reader of the output has left, likewise: 128 + SIGPIPE."""
PLAIN: Final = "NUMBA_DISABLE_JIT"
"""Kernels run as plain Python where this variable is set before they are imported."""
DEBUG: Final = "CSMSIM_DEBUG"
"""Set this variable to see the traceback of an unexpected error."""

app = typer.Typer(
    name="csmsim",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # else "[default: ...]" and "[limits]" in help are taken for markup, and dropped
    help="What a Customer Success compensation plan costs, before it is rolled out.",
)
app.command()(run)
app.command()(replay)
app.command()(reforecast)
app.command()(backtest)
app.command()(lint)
app.command()(explain)
app.command()(rank)
app.command()(sweep)
app.command()(solve)
app.command()(search)
app.command()(what_if.app)
app.command()(stress)
app.command()(report)
app.command()(compare)
app.command()(init)
app.command()(intake)
app.command()(calibrate)
app.command()(schema)
app.command("help")(help_)


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        typer.echo(f"csmsim {sim.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


def main() -> NoReturn:
    """The console script: run the command line and leave with its exit code."""
    signals = Signals()
    signals.install()
    if is_little(sys.argv[1:]):
        os.environ.setdefault(PLAIN, "1")
    code = command(sys.argv[1:])
    sys.exit(128 + signals.received[0] if code == INTERRUPTED and signals.received else code)


def command(arguments: Sequence[str]) -> int:
    """Run one command; what goes wrong becomes a sentence on the error stream, and the exit code. 0 done, 2
    bad input.
    """
    before = len(published())
    as_json = "--json" in arguments
    closed = opened(as_json)
    try:
        code = app(list(arguments), prog_name="csmsim", standalone_mode=False)
        flushed(closed)
    except OutputError as error:
        return _not_printed(error, before)
    except InputError as error:
        if as_json:
            typer.echo(json.dumps(error.document(), indent=2, ensure_ascii=False, allow_nan=False))
        _say(str(error))
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:
        # Usage errors: typer carries its own copy of click or uses the package, but both have this method.
        usage = getattr(error, "format_message", None)
        if usage is not None:
            _say(f"{usage().rstrip('.')}. See csmsim --help.")
            return BAD_INPUT
        if isinstance(error, OSError) and error.filename is None:
            # Files are read and written with a sentence of their own, and by name: this was the output.
            return _not_printed(silenced(error), before)
        if os.environ.get(DEBUG):
            raise
        _say(f"Stopped by {type(error).__name__}: {error}. This is a fault of csmsim; {DEBUG}=1 shows where.")
        return FAILED
    if code == INTERRUPTED:
        _say(f"Interrupted; {_standing(before) or _left() or 'nothing was written'}.")
    return code if isinstance(code, int) else DONE


def _standing(before: int) -> str:
    """What the command has put in place, for a sentence; empty where that is nothing."""
    return "".join(f"the result stands in {place}" for place in published()[before:][-1:])


def _left() -> str:
    """What the command has left to be taken up, for a sentence; empty where that is nothing."""
    return "".join(
        f"{place} has what was done: the same command goes on from there" for place in left_unfinished()[-1:]
    )


def _not_printed(error: OutputError, before: int) -> int:
    """Say that the output could not be printed, and what stands all the same."""
    if error.reader_left:
        return BROKEN_PIPE
    standing = _standing(before)
    _say(f"The output could not be printed: {error.reason}." + (f" But {standing}." if standing else ""))
    return FAILED


def _say(sentence: str) -> None:
    print(visible(sentence), file=sys.stderr)
