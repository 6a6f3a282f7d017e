"""Of all processes of a machine one compiles, and the others wait for it."""

import threading
import time

import sim.kernel
from sim.kernel import compiled_once
from tests.rig.inputs.small_study import write_study


def test_the_first_of_a_machine_compiles_and_the_others_wait(tmp_path, monkeypatch):
    """Four at once: the first is alone, the others begin when it has ended, and then side by side."""
    monkeypatch.setattr(sim.kernel, "cache_directory", lambda _module, _source: tmp_path)
    monkeypatch.setattr(sim.kernel, "_compiled", Forgetful())
    spans, firsts = [], []

    def work():
        with compiled_once(write_study, b"asked") as first:
            firsts.append(first)
            begun = time.monotonic()
            time.sleep(0.2)
            spans.append((begun, time.monotonic()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    first, *others = sorted(spans)
    assert all(begun >= first[1] for begun, _ in others)
    assert sum(firsts) == 1
    again = time.monotonic()
    work()
    assert time.monotonic() - again < 1.0
    assert len(list(tmp_path.iterdir())) == 2, "the lock, and that it was compiled"


class Forgetful(set):
    """What other processes know."""

    def __contains__(self, _name):
        return False
