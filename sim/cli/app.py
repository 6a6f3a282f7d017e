"""``csmsim app``: a page on this machine on which a plan is changed by hand."""

from pathlib import Path
from typing import Annotated

import typer

WORLDS = 1024
"""Kept unless told otherwise: few enough for answers while one drags, and never more than the study has. [world]"""


def app(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY.toml", help="Scenario, plans and seed to simulate.")
    ],
    plan: Annotated[
        str | None,
        typer.Option(
            "--plan",
            metavar="NAME",
            help="The plan of the study that is shown first. [default: the last one that is not the baseline]",
        ),
    ] = None,
    worlds: Annotated[
        int | None, typer.Option(metavar="N", help=f"Worlds that are kept. [default: {WORLDS:,}]")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(metavar="N", help="Threads. [default: all processors]")
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="N", help="Port on this machine. [default: one that is free]")
    ] = None,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Print the address, and open no browser.")
    ] = False,
) -> None:
    """Change a plan by hand in a browser, and see what it costs while you drag. Ctrl-C ends it."""
    import os
    from contextlib import closing

    from sim.app.serve import check_asked, check_installed, listening, serve

    check_installed()
    from sim.study.arguments import MOST_THREADS
    from sim.study.load import load
    from sim.study.worlds import simulate

    loaded = load(study)
    check_asked(loaded, plan, port)
    kept = min(WORLDS, loaded.worlds) if worlds is None else worlds
    workers = threads or min(os.cpu_count() or 1, MOST_THREADS)

    def tell(address: str) -> None:
        typer.echo(
            f"The page is at {address}\nCtrl-C ends it. The address is good for one browser on this machine."
        )

    with closing(listening(port)) as bound:
        typer.echo(f"Simulating {kept:,} worlds of {loaded.name} ...", err=True)
        simulated = simulate(loaded, worlds=worlds or kept, threads=threads)
        serve(simulated, bound, plan=plan, threads=workers, tell=tell, browse=not no_open)
