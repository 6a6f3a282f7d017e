"""A folder that a test writes files into by name."""


class Folder:
    """Files of one replay in a folder; tests add what they do with them."""

    def __init__(self, path):
        self.path = path

    def write(self, name, text):
        (self.path / name).write_text(text, encoding="utf-8")
        return self.path / name
