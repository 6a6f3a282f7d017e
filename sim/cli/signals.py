"""Signals that ask the program to end, delivered again where Python would drop them."""

import _thread
import signal
import sys
import threading
from types import FrameType
from typing import Any, Final, NoReturn

AGAIN_AFTER: Final = 0.02
"""How long after a dropped interrupt it is delivered again [s]: time enough to leave the finalizer that dropped it."""


class Stopped(KeyboardInterrupt):
    """A signal that asks the program to end, as Ctrl-C does."""


class Signals:
    """What the program was asked to end by; `install` makes SIGTERM and SIGHUP end it as Ctrl-C does."""

    def __init__(self) -> None:
        self.received: list[int] = []
        self._before = sys.unraisablehook

    def install(self) -> None:
        """Take the signals over for the life of the process."""
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, self._stop)
        sys.unraisablehook = self._dropped

    def _stop(self, number: int, _frame: FrameType | None) -> NoReturn:
        self.received.append(number)
        raise Stopped

    def _dropped(self, unraisable: Any) -> None:
        """An exception nobody can catch: Python discards what is raised in a finalizer, an interrupt too (the
        compiler has many finalizers), and the program would run on as if it had not been asked to end.
        """
        if not isinstance(unraisable.exc_value, KeyboardInterrupt):
            self._before(unraisable)
            return
        number = self.received[-1] if self.received else signal.SIGINT
        again = threading.Timer(AGAIN_AFTER, _deliver, args=(number,))
        again.daemon = True
        again.start()


def _deliver(number: int) -> None:
    """Send the main thread a signal; where the system can, as one that also wakes it from waiting."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        _thread.interrupt_main(signal.Signals(number))
