"""Documents as they arrive, one file a format: bytes to an ``Original``.

What a file is, its bytes say and not its name. Whatever comes in, a reader returns, or refuses with a sentence.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

from pipeline.original import Original, Refused, visible

LARGEST = 200 << 20
"""How many bytes a document may have, pictures and all."""

MOST_WORDS = 200_000
"""How many words a document may have: four hundred pages, and nearly what the notes of a session can hold."""

MOST_LINES = 20_000
"""How many lines it may have: paragraphs, items, rows of tables."""

MOST_LOSSES = 60_000
"""How many things may not come through as they were: changes that were tracked, comments, pictures."""

LETTERS = 5
"""How many letters an English word has; a text without spaces is as long as the words that it could be."""

PAGE = 500
"""How many words a page has."""

SAVE_AS_WORD = "Open it in the program it was made with, save it as a Word document (.docx), and try again."
COPY = "Copy its words into a Word document (.docx), and try again."
READ = "Word (.docx), OpenDocument (.odt), web pages, mails (.eml), Markdown and plain text can be read."

_ARCHIVES = {
    b"application/vnd.oasis.opendocument.spreadsheet": ("an OpenDocument spreadsheet", COPY),
    b"application/vnd.oasis.opendocument.presentation": ("an OpenDocument presentation", COPY),
    b"application/vnd.oasis.opendocument.graphics": ("an OpenDocument drawing", COPY),
    b"application/epub+zip": ("an electronic book (EPUB)", COPY),
}
_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "a document in Rich Text Format (.rtf)", SAVE_AS_WORD),
    (b"\x89PNG", "a picture (PNG)", "Type its words into a document; words in a picture cannot be read."),
    (b"\xff\xd8\xff", "a picture (JPEG)", "Type its words into a document; words in a picture cannot be read."),
    (b"GIF8", "a picture (GIF)", "Type its words into a document; words in a picture cannot be read."),
    (b"II*\0", "a picture (TIFF)", "Type its words into a document; words in a picture cannot be read."),
    (b"MM\0*", "a picture (TIFF)", "Type its words into a document; words in a picture cannot be read."),
    (b"BM", "a picture (bitmap)", "Type its words into a document; words in a picture cannot be read."),
    (b"7z\xbc\xaf\x27\x1c", "a packed archive (7z)", "Unpack it, and import the documents in it one by one."),
    (b"Rar!", "a packed archive (RAR)", "Unpack it, and import the documents in it one by one."),
    (b"\x1f\x8b", "a packed file (gzip)", "Unpack it, and import the documents in it one by one."),
    (b"MZ", "a program for Windows", "Do not open it. Ask the person who sent it for the notes as a document."),
    (b"\x7fELF", "a program", "Do not open it. Ask the person who sent it for the notes as a document."),
    (b"\xdb\xa5-\0", "a document of a very old Word", SAVE_AS_WORD),
    (b"wOFF", "a font", "Ask for the notes as a document."),
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", "is locked with a password",
     "Ask for it without a password, or open it, take the password away, and save it again."),
    ("WordDocument", "is a document of an older Word (.doc)", SAVE_AS_WORD),
    ("Workbook", "is an older Excel workbook (.xls)", COPY),
    ("PowerPoint Document", "is an older PowerPoint presentation (.ppt)", COPY),
    ("__properties_version1.0", "is a mail saved by Outlook (.msg)",
     "Open it in Outlook and save it as a text file, or forward it and save it as .eml."),
)  # fmt: skip
_SURE = ("odt", "mail")
"""The readers that can tell what is theirs from its bytes, whatever it is called: each says so."""


def read_document(
    name: str,
    data: bytes,
    *,
    most_words: int = MOST_WORDS,
    most_lines: int = MOST_LINES,
    most_losses: int = MOST_LOSSES,
) -> Original:
    """Return the document that came in under this name.

    Every visible character of it is in what comes back: in a passage or in a loss. Raises ``Refused`` for what cannot
    be read, and nothing else. It is called in a child with limits of time and memory (``process.document``); what is
    done with a document afterwards takes time in proportion to its words and lines, so it may not have too many.
    """
    try:
        original = _read(name, data, inside=False)
        _fits(original, most_words, most_lines, most_losses)
        return original
    except MemoryError as fault:
        raise Refused(f"“{name}” needs more memory than it may have.", "Split it into smaller documents.") from fault
    except Refused:
        raise
    except Exception as fault:  # whatever a stranger's file does to us, the person gets a sentence
        raise Refused(
            f"“{name}” could not be understood: something in it is built in a way that is not known here.", SAVE_AS_WORD
        ) from fault


def _fits(original: Original, most_words: int, most_lines: int, most_losses: int) -> None:
    """Refuse a document that is too long to be made into notes."""
    texts = [*original.texts(), *(loss.words for loss in original.losses)]
    words = max(sum(len(text.split()) for text in texts), sum(map(visible, texts)) // LETTERS)
    if words > most_words:
        long, most = f"is as long as {words:,} words, some {-(-words // PAGE):,} pages", f"{most_words:,} words"
    elif (lines := sum(1 for _ in original.lines())) > most_lines:
        long, most = f"has {lines:,} paragraphs, items and rows of tables", f"{most_lines:,}"
    elif (lost := len(original.losses)) > most_losses:
        long, most = f"has {lost:,} tracked changes, comments, pictures and the like", f"{most_losses:,}"
    else:
        return
    raise Refused(
        f"“{original.name}” {long}; {most} are the most that can be made into notes.",
        "Cut it into documents of one session each, or take out what is no notes of it, and import those.",
    )


def _read(name: str, data: bytes, *, inside: bool) -> Original:
    if not data.strip(b"\0 \t\r\n"):
        raise Refused(f"“{name}” is empty.", "Ask for the file again, from the person who sent it.")
    if len(data) > LARGEST:
        raise Refused(
            f"“{name}” is larger than {LARGEST >> 20} MB.", "Take its pictures out, save it again, and try again."
        )
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _read_archive(name, data, inside=inside)
    if data.startswith(_OLE):
        raise _older(name, data)
    if data.startswith(b"%PDF-") or (b"%PDF-" in data[:1024] and b"endobj" in data):
        raise Refused(
            f"“{name}” is a PDF, which keeps how a page looks and not what its words are.",
            "Ask for the document it was made from, or copy its words into a Word document (.docx).",
        )
    # Two letters may begin a text as well, but no text has a zero in it, unless it has one at every other place.
    binary = b"\0" in data[:512]
    for start, what, remedy in _STARTS:
        if data.startswith(start) and (binary or len(start) > 4 or not start.isalnum()):
            raise Refused(f"“{name}” is {what}.", f"{remedy} {READ}" if remedy == COPY else remedy)
    if (binary and data[4:8] == b"ftyp") or (data[:4] == b"RIFF" and data[8:12] in (b"WAVE", b"AVI ", b"WEBP")):
        raise Refused(f"“{name}” is a picture, a film or a sound.", "Type its words into a document.")
    if what := _marked_up(data[:4096]):
        raise Refused(f"“{name}” is {what}.", SAVE_AS_WORD)
    # Only its name tells Markdown from any other text; it may begin with a tag, as a web page does.
    is_markdown = name.lower().endswith((".md", ".markdown", ".mdown", ".mkd"))
    for reader in (*_SURE, "marked") if is_markdown else (*_SURE, "web", "plain"):
        module = _reader(reader)
        if module is not None and module.is_it(data):
            read: Callable[[str, bytes], Original] = module.read
            return read(name, data)
    raise Refused(f"“{name}” is of a kind that cannot be read. {READ}", SAVE_AS_WORD)


def _marked_up(head: bytes) -> str:
    """Return what a file in XML is that is not read, by its start; nothing where it may be read."""
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not text.startswith(b"<"):
        return ""
    if b"http://schemas.microsoft.com/office/2006/xmlPackage" in text:
        return "a Word document as one XML file"
    if b"http://schemas.microsoft.com/office/word/2003/wordml" in text:
        return "a document of Word 2003 as XML"
    return "a picture (SVG)" if b"<svg" in text and b"<html" not in text else ""


def _read_archive(name: str, data: bytes, *, inside: bool) -> Original:
    from pipeline.readers.documents import word

    kind, names = _looked_into(data)
    odt = _reader("odt")
    if odt is not None and odt.is_it(data) and not word.looks_like_it(names or ()):
        made: Original = odt.read(name, data)
        return made
    for start, (what, remedy) in _ARCHIVES.items():
        if kind.startswith(start):
            raise Refused(f"“{name}” is {what}.", f"{remedy} {READ}")
    if names is not None and not word.looks_like_it(names):
        if any(one.endswith(".iwa") for one in names) or "index.xml" in names:
            raise Refused(
                f"“{name}” is a document of Pages, Numbers or Keynote.",
                "In Pages, choose File, Export To, Word, and import that file.",
            )
        remedy = "Unpack it, and import the documents in it one by one."
        raise Refused(f"“{name}” is a packed folder (.zip), not a document.", remedy)
    return word.read(name, data, None if inside else lambda name, data: _read(name, data, inside=True))


def _looked_into(data: bytes) -> tuple[bytes, list[str] | None]:
    """Return what an archive says it is, and the names in it; no names where it is broken or too large to look into."""
    from pipeline.readers.documents.word.package import MOST_DIRECTORY, directory_size

    if directory_size(data) > MOST_DIRECTORY:
        return b"", None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            kind = b""
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    kind = file.read(200)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        return b"", None
    return kind.strip(), [one.replace("\\", "/").lower() for one in names]


def _older(name: str, data: bytes) -> Refused:
    """Return why a compound file is not read ([MS-CFB]: the names of its streams are in UTF-16)."""
    for stream, what, remedy in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return Refused(f"“{name}” {what}.", remedy)
    return Refused(f"“{name}” is a file of an older Office program.", SAVE_AS_WORD)


def _reader(name: str) -> Any:
    """Return the reader of a format, fetched only when it is asked: each pulls in what it needs."""
    try:
        return import_module(f"pipeline.readers.documents.{name}")
    except ModuleNotFoundError as missing:
        if missing.name == f"pipeline.readers.documents.{name}":
            return None
        raise
