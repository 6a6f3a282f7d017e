"""The what-if page of a study, served to this machine until it is told to end."""

import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec
from typing import Final

from sim.app.variants import base_plan, check_usable
from sim.engine.study import Study
from sim.engine.whole_number import whole
from sim.errors import InputError, Problem
from sim.study.worlds import Worlds

HOST: Final = "127.0.0.1"
LIBRARIES: Final = ("starlette", "uvicorn")
LARGEST_PORT: Final = 65_535
LEAST_PORT: Final = 1024
"""Lower ports are the system's."""
LAST_REQUESTS: Final = 2
"""How long requests under way may take to end. [s]"""


def check_installed() -> None:
    """Raises: InputError when a library of the extra ``app`` is missing."""
    lacking = [name for name in LIBRARIES if find_spec(name) is None]
    if lacking:
        fix = "pip install 'csm-compensation-simulator[app]'"
        raise InputError(
            [Problem(f"the library {name}", "installed to serve the page", "none", fix) for name in lacking]
        )


def check_asked(study: Study, plan: str | None, port: int | None) -> None:
    """Whether the page can be made of a study, before its worlds are simulated.

    Raises: InputError with everything that stands against it.
    """
    problems = whole("--port", port, LEAST_PORT, LARGEST_PORT)
    for check in (lambda: check_usable(study), lambda: plan is None or base_plan(study, plan)):
        try:
            check()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def listening(port: int | None) -> socket.socket:
    """A socket of this machine that nobody else can reach; of a port that is free, where none is asked.

    Raises: InputError when the port is taken.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port or 0))
        bound.listen()
    except OSError as error:
        bound.close()
        received = f"{port}, which cannot be had: {error.strerror}"
        fix = "Leave it out for one that is free."
        raise InputError([Problem("--port", "a free port", received, fix)]) from None
    return bound


def serve(
    worlds: Worlds,
    bound: socket.socket,
    *,
    plan: str | None,
    threads: int,
    tell: Callable[[str], None],
    browse: bool,
) -> None:
    """Serve the page until the process is interrupted. tell : is given the address, once.

    plan   : that is shown first.
    browse : open the address in a browser.
    """
    import uvicorn

    from sim.app.confirming import Confirming
    from sim.app.guard import Keys
    from sim.app.server import Server
    from sim.app.settling import Settling
    from sim.engine.pool import Threads

    port, keys = bound.getsockname()[1], Keys()
    settling, confirming = Settling(worlds.study, worlds, threads), Confirming(worlds.study, Threads(threads))
    server = Server(settling, confirming, keys, plan)
    server.warm()
    config = uvicorn.Config(
        server.app(port),
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=LAST_REQUESTS,
    )
    address = f"http://{HOST}:{port}/?token={keys.token}"
    tell(address)
    if browse and has_browser():
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    with closing(settling), closing(confirming):
        uvicorn.Server(config).run(sockets=[bound])


def has_browser() -> bool:
    """Whether there is a screen to open a browser on: one of a terminal would take the terminal over."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
