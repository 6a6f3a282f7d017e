"""What a page is made of, read by a parser that knows no browser's repairs."""

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Checked(HTMLParser):
    """Elements that are opened, and whether each is closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.faults = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)
