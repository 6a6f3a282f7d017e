"""One new file of an option: nothing is replaced, and it appears whole or not at all."""

import os
from pathlib import Path

from sim.errors import InputError, Problem, shown
from sim.files.place import put_down
from sim.files.staging import NEW, staging


def check_new_file(option: str, path: Path, suffix: str) -> None:
    """Raises: InputError when the name does not end with ``suffix``, or when something lies there already."""
    if path.suffix != suffix:
        raise InputError([Problem(option, f"a file name that ends with {suffix}", shown(str(path)))])
    if path.exists() or path.is_symlink():
        fix = "Nothing is replaced: give another name, or remove it."
        raise InputError([Problem(option, "a path where nothing lies", shown(str(path)), fix)])


def write_new_file(option: str, path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and over nothing.

    Raises: InputError when it cannot be written there.
    """
    try:
        with staging(path) as folder:
            staged = folder / NEW / path.name
            staged.write_bytes(content)
            try:
                os.link(staged, path)
            finally:
                # An interrupt can come between the link and the next line: the file system says what happened.
                if path.exists() and path.samefile(staged):
                    put_down(path)
    except OSError as error:
        why = f"{error.strerror or error}.".capitalize()
        raise InputError([Problem(option, "a path that can be written", shown(str(path)), why)]) from None
