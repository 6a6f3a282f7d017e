"""An executor whose every task is pickled, and done at once: what crosses to another process, without one."""

import pickle


class Mailed:
    """``letters``: bytes of each task and of its result."""

    _max_workers = 2

    def __init__(self):
        self.letters = []

    def submit(self, work, /, *arguments):
        letter = pickle.dumps((work, arguments), protocol=5)
        opened, given = pickle.loads(letter)
        answer = pickle.dumps(opened(*given), protocol=5)
        self.letters.append((len(letter), len(answer)))
        return Done(answer)


class Done:
    def __init__(self, answer):
        self.answer = answer

    def result(self):
        return pickle.loads(self.answer)

    def cancel(self):
        pass
