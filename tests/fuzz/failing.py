"""Failures injected at every file-system event of a block: killed, interrupted, or with the disk full."""

import errno
import os
import sys
import warnings
from contextlib import contextmanager

EVENTS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.chmod", "csmsim.exchange"}
KILLED = 9
HOWS = ("killed", "interrupted", "full")

_armed = {"left": None, "how": "", "seen": 0}


def _hook(event, arguments):
    if _armed["left"] is None or event not in EVENTS or (event == "open" and not _writes(arguments)):
        return
    _armed["seen"] += 1
    _armed["left"] -= 1
    if _armed["left"] == 0:
        if _armed["how"] == "killed":
            os._exit(KILLED)
        if _armed["how"] == "interrupted":
            raise KeyboardInterrupt
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _writes(arguments):
    path, _mode, flags = arguments
    return isinstance(path, str | bytes) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


sys.addaudithook(_hook)


@contextmanager
def failing(at, how):
    """Fail at the event of that number, from 1; count events for 0."""
    _armed.update(left=at if at else -1, how=how, seen=0)
    try:
        yield _armed
    finally:
        _armed["left"] = None


def events_of(act):
    """How many events a block has."""
    with failing(0, "") as counted:
        act()
    return counted["seen"]


def fail_at(act, at, how):
    """Let the block fail in a process of its own, and wait for that to end: its exit code."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # a fork beside threads, which the child leaves alone
        child = os.fork()
    if child == 0:
        code = 1
        try:
            with failing(at, how):
                act()
            code = 0
        except KeyboardInterrupt:
            code = 130
        except BaseException as error:
            code = 2 if type(error).__name__ == "InputError" else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
