"""Where a result goes: checked and reserved before the work, filled at once after it, and nothing of anybody's lost."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Final

from sim.errors import InputError, Problem, shown
from sim.files.exchange import exchange
from sim.files.manifest import DROPPINGS, Manifest, digest_of, digests_of, entries_of, read_manifest
from sim.files.staging import NEW, free_name, retire, staging

MOST_NAMED: Final = 5
OTHER_FILES: Final = "a directory with other files in it"
Fill = Callable[[Path], None]

_published: list[Path] = []


def published() -> tuple[Path, ...]:
    """What this process has put in place, in order: it stands although the process was interrupted."""
    return tuple(_published)


def put_down(path: Path) -> None:
    """Say that a file or folder stands now."""
    _published.append(path)


def origin_of(study: Path) -> str:
    """What stands for a study file in a manifest; it tells two files apart and names no folder of the machine."""
    return blake2b(os.fsencode(os.path.abspath(study)), digest_size=8).hexdigest()


class Place:
    """A reserved target. Nothing of it has changed until ``publish``; ``kept`` is where something that was not ours went."""

    def __init__(
        self, given: Path, label: str, target: Path, folder: Path, manifest: Manifest | None, force: bool
    ) -> None:
        self.given = given
        self.label = label
        self.target = target
        self.kept: Path | None = None
        self._folder = folder
        self._manifest = manifest
        self._force = force

    def publish(self, fill: Fill) -> None:
        """Let ``fill`` write a new folder, and put it where the target is, in one step.

        Raises: InputError when there is no room for it or the place cannot be written.
        """
        new = self._folder / NEW
        with _room(self.label):
            fill(new)
            if self._manifest is not None:
                replace(self._manifest, files=digests_of(new)).written(new)
            self._put(new)

    def add(self, contents: Mapping[str, bytes]) -> None:
        """Put files into an earlier result folder: all of them in one step, everything else in it as it was.

        Raises: InputError as ``publish``; when one of the files was changed by somebody, or is somebody else's.
        """
        new, target = self._folder / NEW, self.target
        before = read_manifest(target) if target.is_dir() else None
        files = dict(before.files) if before else {}
        if before is not None and not self._force:
            theirs = [
                name for name in contents if os.path.lexists(target / name) and before.changed(target, name)
            ]
            if theirs:
                raise InputError([_kept_problem(self.label, theirs, "a copy of them beside the new ones")])
        with _room(self.label):
            if before is not None:
                _carry(target, new)
            for name, content in contents.items():
                path = new / name
                if os.path.lexists(path):
                    if before is not None and before.changed(target, name):
                        os.replace(path, _beside(path))
                    else:
                        path.unlink()
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                files[name] = digest_of(path)
            replace(before or self._manifest or Manifest("report"), files=files).written(new)
            self._force = False
            self._put(new)

    def _put(self, new: Path) -> None:
        """Exchange the new folder and the target."""
        new.chmod(0o755)
        _sync(new)
        mark, target = new.stat(), self.target
        try:
            if not target.exists():
                os.replace(new, target)
            elif self._force and any(target.iterdir()):
                # The old folder takes the new one's visible name in the same step: it is never out of sight.
                self._keep_beside(new, free_name(target), mark)
            else:
                self._exchange(new)
        finally:
            # An interrupt can come between the step and the next line: the file system says what happened.
            if target.exists() and os.path.samestat(mark, target.stat()):
                put_down(self.given)
        if new.exists():
            self.kept = retire(new, target, target)

    def _keep_beside(self, new: Path, kept: Path, mark: os.stat_result) -> None:
        os.replace(new, kept)
        try:
            self._exchange(kept)
        except BaseException:
            if not os.path.samestat(mark, self.target.stat()):
                os.replace(kept, new)
            raise
        self.kept = kept

    def _exchange(self, other: Path) -> None:
        if exchange(other, self.target):
            return
        old = self._folder / "old"
        os.replace(self.target, old)
        try:
            os.replace(other, self.target)
        except BaseException:
            os.replace(old, self.target)
            raise
        os.replace(old, other)


@contextmanager
def reserved(
    directory: str | Path,
    command: str,
    *,
    study: Path | None = None,
    implied: bool = False,
    force: bool = False,
) -> Iterator[Place]:
    """Check and reserve the folder that a command will write, before its work.

    study   : the study file that the result is made from.
    implied : the user did not name the folder, so an earlier result in it must be of the same study file.
    force   : put a result there whatever lies there; what lies there stays beside it, as ``NAME.old-1``.

    Raises: InputError when it is none that this program may write, or another process is writing it.
    """
    label, target = f"--out {directory}", _target(Path(directory), f"--out {directory}")
    if not force:
        _check(label, target, command, study if implied else None)
    origin = "" if study is None else origin_of(study)
    with _staged(label, target) as folder:
        yield Place(Path(directory), label, target, folder, Manifest(command, origin), force)


@contextmanager
def extended(directory: str | Path, *, force: bool = False) -> Iterator[Place]:
    """Check and reserve a folder to which reports will be added: a new or empty one, or one that a command wrote.

    Raises: InputError as ``reserved``.
    """
    label, target = f"--out {directory}", _target(Path(directory), f"--out {directory}")
    if _holds(target) and read_manifest(target) is None:
        raise InputError([_problem(label, OTHER_FILES, "Give a new --out.")])
    with _staged(label, target) as folder:
        yield Place(Path(directory), label, target, folder, Manifest("report"), force)


@contextmanager
def laid_down(directory: str | Path) -> Iterator[Place]:
    """Check and reserve a folder that must be new or empty, for files that are the user's from then on.

    Raises: InputError as ``reserved``.
    """
    label, target = str(directory), _target(Path(directory), str(directory))
    if _holds(target):
        raise InputError(
            [Problem(label, "a new or empty directory", "one that exists", "Nothing was written.")]
        )
    with _staged(label, target) as folder:
        yield Place(Path(directory), label, target, folder, None, False)


@contextmanager
def _staged(label: str, target: Path) -> Iterator[Path]:
    """A staging folder for the target, or a sentence why there is none."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(staging(target))
        except BlockingIOError:
            fix = "Wait for it, or choose another."
            raise InputError([_problem(label, "one that another csmsim is writing now", fix)]) from None
        except OSError as error:
            raise _unwritable(label, error) from None
        yield folder


def _target(given: Path, label: str) -> Path:
    """The folder itself, behind links.

    Raises: InputError when the path names, or could only name, something that is no folder of results.
    """
    try:
        target = Path(os.path.realpath(given))
        if given.is_symlink() and not target.exists():
            raise InputError(
                [_problem(label, "a link to nothing", "Make the folder it names, or remove the link.")]
            )
        if target.exists() and not target.is_dir():
            what = "a file" if target.is_file() else "a device, a pipe or a socket"
            raise InputError([_problem(label, what, "Choose another --out.")])
        if target.exists() and (target == Path.cwd() or target in Path.cwd().parents):
            fix = f"Go one folder up and name it: --out {shown(target.name)}."
            raise InputError([_problem(label, "the folder you are in", fix)])
        if os.path.ismount(target):
            raise InputError([_problem(label, "the root of a file system", "Name a folder inside it.")])
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise _unwritable(label, error) from None
    return target


def _holds(target: Path) -> bool:
    """Whether the target is a folder with something in it."""
    return target.is_dir() and any(each.name not in DROPPINGS for each in target.iterdir())


def _check(label: str, target: Path, command: str, study: Path | None) -> None:
    """Raises: InputError when the target holds anything that must not be replaced."""
    if not _holds(target):
        return
    manifest = read_manifest(target)
    if manifest is None:
        fix = "Choose another --out, or keep the old folder beside the new one with --force."
        raise InputError([_problem(label, OTHER_FILES, fix)])
    if manifest.command != command:
        fix = "Choose another --out, or keep it beside the new one with --force."
        raise InputError([_problem(label, f"a result of csmsim {manifest.command}", fix)])
    theirs = list(manifest.strange(target))
    if theirs:
        raise InputError([_kept_problem(label, theirs, "the old folder beside the new one")])
    outside = study is not None and target not in Path(os.path.abspath(study)).parents
    if study is not None and outside and manifest.origin != origin_of(study):
        fix = "Name another folder with --out, or keep it beside the new one with --force."
        raise InputError([_problem(label, "a result of another study file", fix)])


def _problem(label: str, received: str, fix: str) -> Problem:
    return Problem(label, "a new, empty or unchanged earlier result directory", received, fix)


def _kept_problem(label: str, theirs: list[str], kept: str) -> Problem:
    named = ", ".join(map(shown, theirs[:MOST_NAMED]))
    rest = f" and {len(theirs) - MOST_NAMED:,} more" if len(theirs) > MOST_NAMED else ""
    fix = f"Move them, choose another --out, or keep {kept} with --force."
    return _problem(
        label, f"one with files that csmsim did not write, or that were changed: {named}{rest}", fix
    )


def _unwritable(label: str, error: BaseException) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    return InputError([Problem(label, "a writable place with room", shown(reason))])


@contextmanager
def _room(label: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unwritable(label, error) from None


def _carry(target: Path, new: Path) -> None:
    """The files of a folder again, as links to the same content where the file system has them."""
    for name, directory in entries_of(target):
        if directory:
            (new / name).mkdir()
            continue
        try:
            os.link(target / name, new / name, follow_symlinks=False)
        except OSError:
            shutil.copy2(target / name, new / name, follow_symlinks=False)


def _beside(path: Path) -> Path:
    """A free name for the older file: ``deck.old-1.pptx``."""
    number = 1
    while os.path.lexists(candidate := path.with_name(f"{path.stem}.old-{number}{path.suffix}")):
        number += 1
    return candidate


def _sync(folder: Path) -> None:
    """Bring a folder to the disk before its name changes, so that a power cut finds the old content or the new one."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    for name, directory in [(".", True), *entries_of(folder)]:
        path = folder / name
        if path.is_symlink() or not (directory or path.is_file()):
            continue
        handle = os.open(path, os.O_RDONLY | (os.O_DIRECTORY if directory else 0))
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
