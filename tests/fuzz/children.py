"""Processes that answer inputs: forks of a warm one, ended after some, so that nothing grows and one end is no more."""

import contextlib
import gc
import signal
from multiprocessing import connection, get_context

from tests.fuzz.answers import LONGEST, answer, prepared
from tests.fuzz.inputs import KINDS

FORK = get_context("fork")
PATIENCE = 12 * LONGEST
"""Longer than the signals of an answer may take: where they reach nothing, the process is ended. [s]"""
COLLECTED_EVERY = 100
WARM = 8
"""Inputs of each kind answered before the first fork, so that kernels and libraries are there."""


def warm_up():
    """Compile and import what the answers need."""
    with prepared() as laid:
        for kind in KINDS:
            for number in range(WARM):
                answer(kind, number, *laid)
    gc.collect()
    gc.freeze()


def in_lanes(pieces, processes):
    """For every input of pieces of (kind, numbers): kind, number, outcome, and what was said of a fault."""
    taken = FORK.Value("i", 0)
    lanes = [_started(_lane, pieces, taken) for _ in range(min(processes, len(pieces)))]
    ends = {end: process for process, end in lanes}
    try:
        while ends:
            for end in connection.wait(ends):
                try:
                    yield end.recv()
                except EOFError:
                    process = ends.pop(end)
                    process.join()
                    if process.exitcode:
                        raise RuntimeError(f"a lane of inputs ended with {process.exitcode}") from None
    finally:
        for process in ends.values():
            process.terminate()
            process.join()


def _lane(pieces, taken, end):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the others
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), prepared() as laid:
        while (piece := _next(taken)) < len(pieces):
            kind, numbers = pieces[piece]
            for each in outcomes(kind, numbers, laid):
                end.send((kind, *each))


def _next(taken):
    with taken.get_lock():
        taken.value += 1
        return taken.value - 1


def outcomes(kind, numbers, laid):
    """Number, outcome, and what was said of a fault, answered in as many processes as it takes."""
    left = list(numbers)
    while left:
        process, end = _started(_answers, kind, left, laid)
        try:
            while left:
                told = end.recv() if end.poll(PATIENCE) else ("hang", f"silent for {PATIENCE} s")
                yield left.pop(0), *told
                if told[0] == "hang":
                    break
        except EOFError:
            process.join()
            yield left.pop(0), "fault", f"its process ended with {process.exitcode}"
        finally:
            process.kill()
            process.join()
            end.close()


def _answers(kind, numbers, laid, end):
    gc.disable()  # what an answer leaves in circles is small, and a process answers a thousand
    for number in numbers:
        end.send(answer(kind, number, *laid))
        if number % COLLECTED_EVERY == 0:
            gc.collect()


def _started(target, *arguments):
    end, far = FORK.Pipe(duplex=False)
    process = FORK.Process(target=target, args=(*arguments, far))
    process.start()
    far.close()
    return process, end
