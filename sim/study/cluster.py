"""Workers of a Dask cluster: one that runs already, or processes of this machine for the time of a call."""

import logging
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from sim.engine.executor import Remote
from sim.errors import InputError, Problem, shown
from sim.study.arguments import MOST_THREADS
from sim.version import __version__

LOCAL: Final = "local:"
FORMS: Final = "tcp://HOST:PORT of a scheduler, or local:N"
WITHIN: Final = "15s"
"""A scheduler has answered by then."""


@contextmanager
def on_cluster(address: str) -> Iterator[Remote]:
    """The workers of a cluster, until the block ends. Lost workers, retries and those that join later are Dask's matter.

    address : tls:// or tcp://HOST:PORT of a running scheduler, or local:N for so many processes of this machine.

    Raises: InputError when there is no such cluster, its workers cannot take tasks, or Dask is not installed.
    """
    try:
        import distributed
    except ImportError:
        fix = "pip install 'csm-compensation-simulator[cluster]'"
        raise InputError([Problem("--cluster", "used with dask.distributed", "without it", fix)]) from None
    with ExitStack() as stack:
        target: Any = address
        if address.startswith(LOCAL):
            count = _count(address)
            # Nobody looks at a dashboard of a call; a worker that is lost is replaced, and no news.
            options = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": logging.CRITICAL}
            target = stack.enter_context(distributed.LocalCluster(n_workers=count, **options))
        try:
            client = stack.enter_context(distributed.Client(target, timeout=WITHIN, set_as_default=False))
        except (OSError, ValueError) as error:
            fix = "Is the scheduler running, and can this machine reach it?"
            raise InputError([Problem(f"--cluster {address}", FORMS, shown(str(error)), fix)]) from None
        if target is not address:
            client.register_worker_callbacks(setup=leave_interrupts)
        _check(client, address)
        yield Remote(client.get_executor(), lambda: max(1, sum(client.nthreads().values())))


def leave_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal: whoever asked ends the others, which would each complain."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _count(address: str) -> int:
    said = address.removeprefix(LOCAL)
    if not said.isdecimal() or not 1 <= int(said) <= MOST_THREADS:
        raise InputError([Problem("--cluster", f"{FORMS} with N from 1 to {MOST_THREADS:,}", shown(address))])
    return int(said)


def _check(client: Any, address: str) -> None:
    """Raises: InputError where some worker has not this version of this program, so that its bits may be others."""
    try:
        found = set(client.run(version_there).values())
    except Exception as error:
        found = {f"none ({type(error).__name__}: {error})"}
    if strangers := sorted(found - {__version__}):
        allowed, fix = (
            f"one whose workers have csmsim {__version__}",
            "Install the same version on every worker.",
        )
        raise InputError([Problem(f"--cluster {address}", allowed, ", ".join(strangers), fix)])


def version_there() -> str:
    """The version of this program, where it is asked."""
    return __version__
