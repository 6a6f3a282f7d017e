"""Small commands that take some seconds and put down many pieces, and the files they read."""

from tests.rig.inputs.small_study import write_study
from tests.rig.repository import CONFIGS
from tests.search.test_search import WIDE

STRESSED = """
[stress]
cases = ["recession", "price-increase"]
tornado_worlds = 256
reverse_worlds = 256
"""
COMMANDS = {
    "run": ("run", "study/study.toml", "--worlds", "3072", "--block", "64", "--threads", "2"),
    "stress": ("stress", "study/study.toml", "--worlds", "256", "--threads", "2"),
    "search": ("search", "study/study.toml", "--threads", "2"),
    "cluster": ("run", "study/study.toml", "--worlds", "3072", "--block", "64", "--cluster", "local:2"),
    "calibrate": ("calibrate", str(CONFIGS / "history"), "--sweeps", "300", "--draws", "100"),
}


def laid_out(folder):
    """The study that the commands read."""
    path = write_study(folder / "study")
    path.write_text(path.read_text() + STRESSED + WIDE.replace("evaluations = 60", "evaluations = 200"))
