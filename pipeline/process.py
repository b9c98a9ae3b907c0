"""The one module that starts other programs, and the memory of what they made.

pandoc, Graphviz and Typst each run in a child process of their own: a private working
directory, an environment that is the same on any machine, a limit of time and of
memory. This module knows nothing of the report: bytes go in, bytes come out, or
``ProgramFailed`` says in plain words what happened. A document of a stranger is read in a child too.

Memory is limited by the kernel on Linux, and for pandoc by its own run-time system
everywhere. Elsewhere the limit of time is what stops Graphviz and Typst.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Literal, overload

from pipeline.original import Original, Refused, from_json

MISSING = "Install it again: pip install --force-reinstall {wheel}"
BLOCKED = "Ask the people who look after this computer to allow this program: {path}"
TOO_SLOW = (
    "Try again when the computer is less busy. If it happens again, look at what was added last: "
    "one very long or very tangled text or figure can be the cause."
)
TOO_LARGE = "Look at what was added last: one very long or very tangled text or figure can be the cause."
BROKEN = "Try again. If it happens again, send these lines to the people who look after roundtable."
NO_ROOM = "Make room on the disk that holds temporary files, then try again."

OUT_OF_MEMORY = re.compile(
    r"heap exhausted|out of memory|memory allocation|memoryerror|cannot allocate|stack overflow",
    re.IGNORECASE,
)
WHEELS = (
    "fontpkg_atkinson_hyperlegible", "graphviz", "lxml", "openxml_audit", "page_validation", "pikepdf",
    "pygraphviz", "pypandoc_binary", "pypdfium2", "python_docx", "pyyaml", "typst",
)  # fmt: skip
"""The wheels whose versions decide what an output's bytes are, by their normalized names."""


class ProgramFailed(Exception):
    """A program did not do its part: what happened, what would put it right, and its own words."""

    def __init__(self, program: str, sentence: str, remedy: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.program = program
        self.sentence = sentence
        self.remedy = remedy
        self.detail = detail


# ---------------------------------------------------------------- the three programs


def pandoc(
    arguments: Sequence[str],
    input: bytes,
    *,
    files: Mapping[str, bytes] | None = None,
    seconds: float = 60,
    megabytes: int = 512,
) -> bytes:
    """Return what pandoc makes of ``input`` with these arguments.

    ``files`` (a reference document, a Lua reader, a style sheet) stand in the working
    directory under their names. The sandbox is always on and no user data directory is
    read. In the sandbox pandoc sees neither clock nor environment: a Word file is dated
    1970-01-01 until the date of the edition is written into it. A resource that pandoc
    could not find is a fault, because pandoc itself would leave it out and go on. The
    arguments are ours to choose; never let a note choose one.

    Sources: pandoc's manual, ``--sandbox``, ``--data-dir``; the GHC User's Guide, ``-M``, ``--RTS``.
    """
    # After --RTS nothing more is an option of the run-time system, whatever it looks like.
    command = [_pandoc(), "+RTS", f"-M{megabytes}m", "--RTS", "--sandbox", "--data-dir=home", "--output=-"]
    done = run(
        "pandoc",
        [*command, *arguments],
        input,
        files=files,
        seconds=seconds,
        # Its own limit speaks first; this one holds what its heap does not count, such as Lua.
        megabytes=2 * megabytes + 256,
    )
    if "Could not fetch resource" in done.said:
        sentence = "pandoc could not find a picture or file that the document names."
        raise ProgramFailed("pandoc", sentence, BROKEN, done.said)
    return done.output


def graphviz(
    dot: str,
    formats: Sequence[str],
    fonts: Mapping[str, bytes],
    *,
    dpi: int = 300,
    seconds: float = 20,
    megabytes: int = 1024,
) -> dict[str, bytes]:
    """Return the DOT source drawn by ``dot``, as one picture per format (``svg``, ``svg:cairo``, ``png``).

    Letters come from ``fonts`` alone, so the layout does not depend on the machine.
    ``dpi`` is for PNG. Whatever Graphviz warns of (a bad label, an unknown shape) is a
    fault: it would have drawn something else than was meant. The source is ours to write; of a
    note nothing but labels may be in it, for an ``image`` would be read from anywhere.

    Source: fontconfig, fonts-conf(5).
    """
    # PNG last: cairo numbers all that it draws, and those numbers are written into an SVG drawn after it.
    names = sorted(set(formats), key=lambda name: (name.startswith("png"), name))
    done = _child(
        "Graphviz",
        "pygraphviz",
        ["graphviz", str(dpi), *names],
        dot.encode(),
        files={"fonts.conf": FONTS_CONF, **_under("fonts", fonts)},
        environment={
            "FONTCONFIG_FILE": "fonts.conf",
            "FONTCONFIG_PATH": ".",  # where a relative name is looked for before the system's folders
            "PANGOCAIRO_BACKEND": "fc",  # on macOS and Windows Pango would ask the system for its fonts
        },
        seconds=seconds,
        megabytes=megabytes,
    )
    # Pango and fontconfig may grumble about the system they run on; all else is about the figure.
    if re.search(r"^(?!Fontconfig |\(.*:\d+\): )\S", done.said, re.MULTILINE):
        sentence = "Graphviz could not draw the figure as it is meant."
        raise ProgramFailed("Graphviz", sentence, BROKEN, done.said)
    drawn = dict(zip(names, done.results, strict=True))
    return {name: drawn[name] for name in formats}


@overload
def typst(
    files: Mapping[str, bytes],
    fonts: Mapping[str, bytes],
    *,
    format: Literal["pdf"] = "pdf",
    pdf_standards: Sequence[str] = ...,
    ppi: float | None = None,
    timestamp: int = 0,
    seconds: float = 60,
    megabytes: int = 2048,
) -> bytes: ...
@overload
def typst(
    files: Mapping[str, bytes],
    fonts: Mapping[str, bytes],
    *,
    format: Literal["png", "svg"],
    pdf_standards: Sequence[str] = ...,
    ppi: float | None = None,
    timestamp: int = 0,
    seconds: float = 60,
    megabytes: int = 2048,
) -> list[bytes]: ...
def typst(
    files: Mapping[str, bytes],
    fonts: Mapping[str, bytes],
    *,
    format: Literal["pdf", "png", "svg"] = "pdf",
    pdf_standards: Sequence[str] = ("ua-1", "a-2a"),
    ppi: float | None = None,
    timestamp: int = 0,
    seconds: float = 60,
    megabytes: int = 2048,
) -> bytes | list[bytes]:
    """Return ``main.typ`` of these files compiled: a PDF, or as ``png`` and ``svg`` a list with each page.

    The template sees these files, these fonts and those inside Typst, nothing else.
    ``timestamp`` stands for today, in seconds since 1970: the clock is never read.
    Whatever Typst warns of (a font or a glyph that is missing) is a fault, with
    Typst's own words as the detail.
    """
    standards = pdf_standards if format == "pdf" else ()
    done = _child(
        "Typst",
        "typst",
        ["typst", format, str(ppi or 144), str(timestamp), *standards],
        b"",
        files={**_under("root", files), **_under("fonts", fonts)},
        seconds=seconds,
        megabytes=megabytes,
    )
    return done.results[0] if format == "pdf" else done.results


def document(name: str, data: bytes, *, seconds: float = 10, megabytes: int = 1024) -> Original:
    """Return the document that came in under this name, read in a child of its own.

    ``Refused`` says in a sentence why a file cannot be read; that it takes more time or memory than it may is one of
    the reasons. ``ProgramFailed`` is for what is no fault of the file.
    """
    split = "Split it into smaller documents, or copy its words into a new one, and try again."
    try:
        done = _child(
            "The reader of documents",
            "lxml",
            ["document", str(Path(__file__).parent.parent)],
            data,
            files={"name": name.encode("utf-8", "surrogatepass")},
            seconds=seconds,
            megabytes=megabytes,
        )
    except ProgramFailed as failed:
        if isinstance(failed.__cause__, subprocess.TimeoutExpired):
            raise Refused(f"“{name}” takes longer than {seconds:g} seconds to read.", split) from failed
        if failed.remedy == TOO_LARGE:
            raise Refused(f"“{name}” needs more memory than it may have to be read.", split) from failed
        if failed.detail.startswith("SIG"):
            raise Refused(f"“{name}” could not be read: its reader broke off in the middle of it.", split) from failed
        raise
    read = json.loads(done.results[0])
    if "refused" in read:
        raise Refused(*read["refused"])
    return from_json(done.results[0])


def fonts() -> dict[str, bytes]:
    """Return the font files of Atkinson Hyperlegible (four styles, SIL OFL) by name, in order."""
    program, wheel = "Atkinson Hyperlegible", "fontpkg-atkinson-hyperlegible"
    folder = _package("fontpkg_atkinson_hyperlegible", program, wheel)
    found = {file.name: file.read_bytes() for file in sorted((folder / "files").glob("*.ttf"))}
    if not found:
        raise _missing(program, wheel)
    return found


MANY = 20_000
"""So many texts are worth starting a process for each processor."""


def keys(texts: Sequence[str]) -> list[str]:
    """Return the fingerprint of each text (``fingerprint.key``), in order; of many texts on every processor at once."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from pipeline.fingerprint import key

    if len(texts) < MANY or (os.cpu_count() or 1) < 2:
        return [key(text) for text in texts]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return list(pool.map(key, texts, chunksize=1_000))


def static_files() -> tuple[bytes, bytes]:
    """Return WordLlama's tokeniser and weights (MIT; 256 dimensions), as they lie in its wheel.

    The package is not imported: that takes long, and its own loader looks for the network.
    """
    program, wheel = "WordLlama", "wordllama"
    folder = _package("wordllama", program, wheel)
    try:
        tokenizer = (folder / "tokenizers" / "l2_supercat_tokenizer_config.json").read_bytes()
        return tokenizer, (folder / "weights" / "l2_supercat_256.safetensors").read_bytes()
    except OSError as fault:
        raise _missing(program, wheel) from fault


def fetch_wheel(requirement: str, page: str, *, most_bytes: int, seconds: float = 900) -> bytes:
    """Return the one wheel that pip fetches for ``requirement``, without what it depends on; nothing is installed.

    The only use of the network, and only when a person asks for it. pip sees the user's own settings (a company's
    index, a proxy, its certificates). ``page`` is where a person finds the wheel when pip does not.

    Source: pip's manual, "pip download".
    """
    by_hand = f"fetch the wheel from {page} on a computer that is online, and give its name: roundtable model add FILE."
    if importlib.util.find_spec("pip") is None:
        raise ProgramFailed("pip", "This Python has no pip, the program that fetches wheels.", f"F{by_hand[1:]}")
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"]
    quietly = ["--disable-pip-version-check", "--no-input", "--retries=1", "--timeout=20"]
    try:
        with tempfile.TemporaryDirectory(prefix="roundtable-", ignore_cleanup_errors=True) as folder:
            command = [*pip, *quietly, f"--dest={folder}", requirement]
            run("pip", command, environment=os.environ, seconds=seconds, megabytes=2048)
            wheels = sorted(Path(folder).glob("*.whl"))
            if len(wheels) == 1 and wheels[0].stat().st_size <= most_bytes:
                return wheels[0].read_bytes()
    except OSError as fault:
        raise ProgramFailed("pip", "The fetched wheel could not be written or read.", NO_ROOM, str(fault)) from fault
    except ProgramFailed as fault:
        sentence = f"pip could not fetch {requirement.partition('==')[0]}."
        remedy = f"Check that this computer is online, then try again. Or {by_hand}"
        raise ProgramFailed("pip", sentence, remedy, fault.detail or fault.sentence) from fault
    raise ProgramFailed("pip", "What pip fetched is not the one wheel that was asked for.", f"F{by_hand[1:]}")


@cache
def _wheels() -> Mapping[str, str]:
    # importlib.metadata would say the same, forty milliseconds later: the folders' names are the standard
    # (PyPA, "Recording installed projects").
    found: dict[str, str] = {}
    for entry in filter(os.path.isdir, sys.path):
        for name in sorted(os.listdir(entry)):
            if name.endswith(".dist-info"):
                wheel, _, version = name.removesuffix(".dist-info").partition("-")
                found.setdefault(re.sub(r"[-_.]+", "_", wheel).lower(), version)
    return {wheel: found[wheel] for wheel in WHEELS if wheel in found}


def versions() -> dict[str, str]:
    """Return the versions of Python, pandoc and the wheels that decide what the outputs are, by name.

    Graphviz is inside the wheel ``pygraphviz``, Typst inside ``typst``. A wheel that is
    not installed is not listed; without pandoc ``ProgramFailed`` says so.
    """
    said = run("pandoc", [_pandoc(), "--version"]).output.decode("utf-8", "replace")
    number = said.splitlines()[0].removeprefix("pandoc").removeprefix(".exe").strip()
    return {"pandoc": number, "python": ".".join(map(str, sys.version_info[:3])), **_wheels()}


# ---------------------------------------------------------------- one child process


@dataclass(frozen=True, slots=True)
class Finished:
    """What a program left: its standard output, what it said on standard error, the results it wrote."""

    output: bytes
    said: str
    results: list[bytes]


def run(
    program: str,
    command: Sequence[str],
    input: bytes = b"",
    *,
    files: Mapping[str, bytes] | None = None,
    environment: Mapping[str, str] | None = None,
    seconds: float = 60,
    megabytes: int = 512,
) -> Finished:
    """Run a program to its end in a folder of its own, and return what it left.

    Nothing of our environment is passed on. At its limit of time the program dies, and
    whatever it started dies with it. Every way to fail is a ``ProgramFailed``.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="roundtable-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            (folder / "home").mkdir()
            for path, content in (files or {}).items():
                _write(program, folder, path, content)
            variables = {**_environment(folder / "home"), **(environment or {})}
            output, said = _finish(program, command, input, folder, variables, seconds, megabytes)
            written = (folder / f"result-{number}" for number in range(sys.maxsize))
            return Finished(output, said, list(_contents(written)))
    except OSError as fault:
        sentence = f"The working files of {program} could not be written or read."
        raise ProgramFailed(program, sentence, NO_ROOM, str(fault)) from fault


def _contents(files: Iterator[Path]) -> Iterator[bytes]:
    for file in files:
        if not file.is_file():
            return
        yield file.read_bytes()


def _write(program: str, folder: Path, name: str, content: bytes) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or re.search(r"[\\:\0]", name) or not path.name:
        sentence = f"{program} was given a file with a name that could lead out of its folder: {name!r}."
        raise ProgramFailed(program, sentence, "Give the file a plain name, of letters and digits.")
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content)


def _environment(home: Path) -> dict[str, str]:
    places = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP", "TMPDIR")
    xdg = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    fixed = {"LC_ALL": "C.UTF-8", "TZ": "UTC", **dict.fromkeys((*places, *xdg), str(home))}
    if system := os.environ.get("SYSTEMROOT"):  # without it no program starts on Windows
        fixed["SYSTEMROOT"] = system
    return fixed


def _finish(
    program: str,
    command: Sequence[str],
    input: bytes,
    folder: Path,
    environment: Mapping[str, str],
    seconds: float,
    megabytes: int,
) -> tuple[bytes, str]:
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment,
            start_new_session=True,
            creationflags=_NO_WINDOW,
        )
    except OSError as fault:
        sentence = f"This computer did not let {program} start."
        raise ProgramFailed(program, sentence, BLOCKED.format(path=command[0]), str(fault)) from fault
    with process:
        try:
            _limit(process.pid, seconds, megabytes)
            output, errors = process.communicate(input, timeout=seconds)
        except subprocess.TimeoutExpired as late:
            sentence = f"{program} was still at work after {seconds:g} seconds, and was stopped."
            raise ProgramFailed(program, sentence, TOO_SLOW) from late
        finally:
            if process.returncode is None:
                _kill(process)
    said = errors.decode("utf-8", "replace").strip()
    if process.returncode:
        raise _fault(program, process.returncode, said)
    return output, said


def _fault(program: str, code: int, said: str) -> ProgramFailed:
    if OUT_OF_MEMORY.search(said):
        sentence = f"{program} needed more memory than it may use, and was stopped."
        return ProgramFailed(program, sentence, TOO_LARGE, said)
    # A signal is a negative code; on Windows a crash is an NTSTATUS of the severity "error".
    if code < 0 or code >= 0xC0000000:
        detail = f"{_signal(code)}\n{said}".strip()
        return ProgramFailed(program, f"{program} broke off in the middle of its work.", BROKEN, detail)
    return ProgramFailed(program, f"{program} could not do its part.", BROKEN, said or f"exit code {code}")


def _signal(code: int) -> str:
    known = {-number: number.name for number in signal.Signals}
    return known.get(code, f"code {code:#x}")


if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW

    def _kill(process: subprocess.Popen[bytes]) -> None:
        taskkill = os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe")
        command = [taskkill, "/T", "/F", "/PID", str(process.pid)]
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, timeout=10, creationflags=_NO_WINDOW)
        process.kill()

else:
    _NO_WINDOW = 0

    def _kill(process: subprocess.Popen[bytes]) -> None:
        # It was started as the leader of a session, so its group is all that it started.
        with suppress(PermissionError):  # what macOS answers when the group has just ended
            os.killpg(process.pid, signal.SIGKILL)


if sys.platform == "linux":
    import resource

    def _limit(pid: int, seconds: float, megabytes: int) -> None:
        # RLIMIT_AS would count the terabyte that GHC reserves and never uses; RLIMIT_DATA counts what is
        # writable. The limit of processor time ends a child whose parent was killed before it.
        limits = {
            resource.RLIMIT_DATA: megabytes << 20,
            resource.RLIMIT_CPU: (int(seconds) + 1) * (os.cpu_count() or 1),
            resource.RLIMIT_CORE: 0,
        }
        for limit, value in limits.items():
            # It may have ended already, or live under limits stricter than ours.
            with suppress(ProcessLookupError, PermissionError, ValueError):
                resource.prlimit(pid, limit, (value, value))

else:

    def _limit(pid: int, seconds: float, megabytes: int) -> None:
        pass  # no call sets the limits of another process here


# ---------------------------------------------------------------- where the programs are


def _child(
    program: str,
    wheel: str,
    arguments: Sequence[str],
    input: bytes,
    *,
    files: Mapping[str, bytes],
    environment: Mapping[str, str] | None = None,
    seconds: float,
    megabytes: int,
) -> Finished:
    packages = _package(wheel, program, wheel).parent
    script = Path(__file__).with_name("children.py")
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(script), str(packages), *arguments]
    done = run(program, command, input, files=files, environment=environment, seconds=seconds, megabytes=megabytes)
    if not done.results:
        raise ProgramFailed(program, f"{program} ended without a result.", BROKEN, done.said)
    return done


def _pandoc() -> str:
    # Always the one inside the wheel: pypandoc.get_pandoc_path() would take a newer one from PATH, whose
    # bytes differ, and takes sixty milliseconds to import.
    folder = _package("pypandoc", "pandoc", "pypandoc_binary") / "files"
    path = folder / ("pandoc.exe" if sys.platform == "win32" else "pandoc")
    if not path.is_file():
        raise _missing("pandoc", "pypandoc_binary")
    return str(path)


def _package(module: str, program: str, wheel: str) -> Path:
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise _missing(program, wheel)
    return Path(found.origin).parent


def _missing(program: str, wheel: str) -> ProgramFailed:
    return ProgramFailed(program, f"{program} is not installed, or is damaged.", MISSING.format(wheel=wheel))


def _under(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": content for name, content in files.items()}


FONTS_CONF = b"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="cwd">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


# ---------------------------------------------------------------- what was made before


@dataclass(frozen=True, slots=True)
class Remembered:
    """A stage and its result: whether it was made now, and why (nothing was known, or it was damaged)."""

    what: str
    made: bool
    why: Literal["new", "damaged", "same"]


class Memory:
    """Remembers results under a fingerprint of all that they were made from.

    ``store`` keeps them: a folder, or a dictionary. ``record`` lists what was made and what
    was remembered, in the order in which each was done. Threads may share a memory.
    """

    def __init__(self, store: MutableMapping[str, bytes]) -> None:
        self.record: list[Remembered] = []
        self._store = store
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def remembered(self, what: str, parts: Sequence[bytes | str], make: Callable[[], bytes]) -> bytes:
        """Return the result of ``make``, from memory when it was made before from the same parts.

        The same means: the same name, the same parts in the same order, the same code of
        this package, the same wheels. A remembered value that is damaged is made again. Two
        threads that ask for the same make it once; when ``make`` raises, nothing is kept.
        """
        key = fingerprint(what, parts)
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            kept = self._store.get(key)
            if kept is not None and (value := _opened(key, kept)) is not None:
                self.record.append(Remembered(what, made=False, why="same"))
                return value
            value = make()
            self._store[key] = _sealed(key, value)
            self.record.append(Remembered(what, made=True, why="new" if kept is None else "damaged"))
            return value


def fingerprint(what: str, parts: Sequence[bytes | str]) -> str:
    """Return the SHA-256 of a result's name, our code, the wheels and every part, in hexadecimal.

    Each piece goes in after its length, so pieces cannot run into one another.
    """
    digest = hashlib.sha256()
    wheels = [f"{wheel} {version}" for wheel, version in sorted(_wheels().items())]
    for piece in (what, _code(), str(len(wheels)), *wheels, *parts):
        data = piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else piece
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


@cache
def _code() -> str:
    # A version number would not change while the code does; what was made by other code is not the same.
    folder = Path(__file__).parent
    files = sorted(file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.relative_to(folder).as_posix().encode()).digest())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _sealed(key: str, value: bytes) -> bytes:
    return hashlib.sha256(key.encode() + value).digest() + value


def _opened(key: str, kept: bytes) -> bytes | None:
    value = kept[hashlib.sha256().digest_size :]
    return value if _sealed(key, value) == kept else None
