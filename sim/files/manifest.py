"""What this program wrote into a folder, file by file with a digest: only that, unchanged, is ever replaced."""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from sim.version import __version__

MANIFEST: Final = "manifest.json"
DIGEST_BYTES: Final = 16
CHUNK: Final = 1 << 20
LARGEST: Final = 16 * 1024 * 1024
"""A manifest above this size is none of ours. [byte]"""
DROPPINGS: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What a file browser leaves in a folder that is looked at; nobody's work."""


@dataclass(frozen=True)
class Manifest:
    """The files of a result folder.

    command : the command that wrote it.
    origin  : stands for the study file it was made from; empty where there is none.
    files   : digest by path, with forward slashes.
    """

    command: str
    origin: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def written(self, folder: Path) -> None:
        """Write ``manifest.json`` into the folder."""
        content = {"csmsim": __version__, "command": self.command, "origin": self.origin}
        text = json.dumps(content | {"files": dict(sorted(self.files.items()))}, indent=1, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    def changed(self, folder: Path, name: str) -> bool:
        """Whether a file of the folder is none that the manifest lists, or is no longer as it was written."""
        path = folder / name
        return name not in self.files or not _regular(path) or digest_of(path) != self.files[name]

    def strange(self, folder: Path) -> Iterator[str]:
        """What lies in the folder and was not written by this program, or was changed since: paths, in order."""
        for name, directory in entries_of(folder):
            if directory:
                if not any(file.startswith(f"{name}/") for file in self.files):
                    yield f"{name}/"
            elif self.changed(folder, name):
                yield name


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder; None where there is none that this program could have written."""
    path = folder / MANIFEST
    try:
        if not _regular(path) or path.stat().st_size > LARGEST:
            return None
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return _checked(content)


def _checked(content: Any) -> Manifest | None:
    if not isinstance(content, dict) or "csmsim" not in content:
        return None
    command, origin, files = (content.get(key) for key in ("command", "origin", "files"))
    if not (isinstance(command, str) and isinstance(origin, str) and isinstance(files, dict)):
        return None
    if not all(isinstance(file, str) for file in files.values()):
        return None
    return Manifest(command, origin, files)


def entries_of(folder: Path) -> Iterator[tuple[str, bool]]:
    """Everything inside a folder but its manifest and droppings: path with forward slashes, and whether it is a
    directory; in order. Links are not followed.
    """
    for where, directories, files in os.walk(folder):
        directories.sort()
        inside = Path(where).relative_to(folder)
        linked = [directory for directory in directories if (Path(where) / directory).is_symlink()]
        for name in directories:
            if name not in linked:
                yield (inside / name).as_posix(), True
        for name in sorted([*files, *linked]):
            if name not in DROPPINGS and (inside / name).as_posix() != MANIFEST:
                yield (inside / name).as_posix(), False


def digests_of(folder: Path) -> dict[str, str]:
    """The digest of every file of a folder that this program just filled."""
    return {name: digest_of(folder / name) for name, directory in entries_of(folder) if not directory}


def digest_of(path: Path) -> str:
    """BLAKE2b of a file's content."""
    digest = blake2b(digest_size=DIGEST_BYTES)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _regular(path: Path) -> bool:
    """Whether it is a plain file: no link, and nothing that blocks or never ends."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
