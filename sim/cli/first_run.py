"""What is said before the first run after an installation or an upgrade, which takes longer than the next ones."""

from typing import Final

from sim import kernel

SENTENCE: Final = (
    "First run here: loops are compiled for this processor, in one to two minutes; later runs start at once."
)


def first_run() -> bool:
    """Whether the kernels of a world, as they are now, are still to be compiled on this machine."""
    folder = kernel.cache_directory("sim.world.renewal", kernel.PACKAGE / "world" / "renewal.py")
    return folder is None or not any(folder.rglob("*.nbi"))
