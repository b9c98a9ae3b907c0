"""A mail that a person sends: a draft in a file, which a mail program opens to be looked at, changed and sent.

``X-Unsent: 1`` has Outlook and Thunderbird open it as a draft, ``X-Uniform-Type-Identifier`` has Apple Mail do so.
There is no ``From``: the program that sends it fills in whose it is. Those it goes to stand in ``Bcc``, so that nobody
is shown the others; there is no ``To``, since Outlook takes ``undisclosed-recipients:;`` for a name to look up.

It is written here letter by letter (RFC 5322; MIME, RFC 2045 to 2047, 2183 and 2231) and not by ``email``, whose
folding of headers differs between versions of Python and whose boundaries are random. The tests read it with ``email``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as calendar
from html import escape

from pipeline.document import Blocks, Inlines
from pipeline.model import MONTHS, Block, Date, Recipient

LANGUAGE = "en-GB"
LINE = 76
"""How many characters a line has, at most, but for an address: as encoded text asks (RFC 2045, 6.7; RFC 2047, 2)."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What no header may hold, however it is encoded: a reader that decodes it could take it for the end of the line."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail: its name, its bytes, and its MIME type (``text/html; charset=utf-8``)."""

    name: str
    data: bytes
    type: str


def draft(
    subject: str,
    text: str,
    *,
    html: str | None = None,
    bcc: Sequence[Recipient] = (),
    attachments: Sequence[Attachment] = (),
    date: Date | None = None,
) -> bytes:
    """Return a mail to be sent by a person, as the bytes of an ``.eml`` file.

    ``html`` is the same in HTML, a whole page. The date of the mail is noon (UTC) of ``date``, if that is a day. Lines
    end with CRLF and none is longer than 998 bytes; all bytes are ASCII. The same arguments give the same bytes:
    Message-ID and boundaries are made from the SHA-256 of what the mail says and carries.

    Raises ValueError where the subject, a name, an address or a file's name holds a line break, a control character or
    half a character: nobody should be able to write a header of their own.
    """
    for value in (subject, *(part for to in bcc for part in (to.name, to.address)), *(a.name for a in attachments)):
        if BREAKING.search(value):
            raise ValueError(f"a header cannot hold {value!a}")
    mark = _mark(subject, text, html, bcc, attachments, date)
    body = _part("text/plain; charset=utf-8", _quoted_printable(text), "quoted-printable", language=True)
    if html is not None:
        page = _part("text/html; charset=utf-8", _quoted_printable(html), "quoted-printable", language=True)
        body = _multipart("alternative", f"=_{mark}-words", [body, page])
    if attachments:
        body = _multipart("mixed", f"=_{mark}-files", [body, *map(_attached, attachments)])
    headers = [
        "X-Unsent: 1",
        "X-Uniform-Type-Identifier: com.apple.mail-draft",
        *([f"Date: {_moment(date)}"] if date and date.month and date.day else []),
        *([_addresses("Bcc", bcc)] if bcc else []),
        _line_of_words("Subject", subject),
        f"Message-ID: <{mark}@roundtable.invalid>",
        "MIME-Version: 1.0",
    ]
    return "".join(f"{header}\r\n" for header in headers).encode("ascii") + body


def _mark(
    subject: str,
    text: str,
    html: str | None,
    bcc: Sequence[Recipient],
    attachments: Sequence[Attachment],
    date: Date | None,
) -> str:
    """Return what the mail is known by: 32 hexadecimal digits of the SHA-256 of all that it says and carries."""
    carried = [[file.name, file.type, hashlib.sha256(file.data).hexdigest()] for file in attachments]
    said = [subject, text, html, [[to.name, to.address] for to in bcc], carried, date and date.iso]
    return hashlib.sha256(json.dumps(said).encode("ascii")).hexdigest()[:32]


def _moment(date: Date) -> str:
    """Return noon of a day as a mail writes it (RFC 5322, 3.3)."""
    month, day = date.month or 1, date.day or 1
    weekday = DAYS[calendar(date.year, month, day).weekday()]
    return f"{weekday}, {day} {MONTHS[month - 1][:3]} {date.year:04} 12:00:00 +0000"


# The words.


def page(title: str, blocks: Blocks) -> str:
    """Return headings, paragraphs and lists of the document model as a page of HTML for a mail; all text is text.

    It has no style, script or picture: a mail program shows it in the letters, size and colours that its reader chose.
    """
    head = f'<meta charset="utf-8">\n<title>{escape(title)}</title>'
    body = "\n".join(_block(block) for block in blocks)
    return f'<!DOCTYPE html>\n<html lang="{LANGUAGE}">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'


def _block(block: Block) -> str:
    kind, content = block["t"], block["c"]
    match kind:
        case "Header":
            return f"<h{content[0]}>{_inlines(content[2])}</h{content[0]}>"
        case "BulletList":
            items = "\n".join(f"<li>{''.join(map(_block, item))}</li>" for item in content)
            return f"<ul>\n{items}\n</ul>"
        case "Para":
            return f"<p>{_inlines(content)}</p>"
        case "Plain":
            return _inlines(content)
    raise ValueError(f"a mail has no block such as {kind}")


def _inlines(inlines: Inlines) -> str:
    written = ""
    for inline in inlines:
        match inline["t"]:
            case "Str":
                written += escape(inline["c"])
            case "Strong":
                written += f"<strong>{_inlines(inline['c'])}</strong>"
            case "LineBreak":
                written += "<br>\n"
            case kind:
                raise ValueError(f"a mail has no run of words such as {kind}")
    return written


# The headers.


def _line_of_words(name: str, text: str) -> str:
    """Return a header of free words, folded; as it is where ASCII can say it, else in encoded words."""
    words = text.split(" ")
    if text.isascii() and "=?" not in text and all(words) and max(map(len, words)) < LINE - len(name) - 2:
        lines = textwrap.wrap(text, LINE, initial_indent=f"{name}: ", subsequent_indent=" ", break_on_hyphens=False)
        return "\r\n".join(lines)
    return f"{name}: {_encoded(text)}" if text else f"{name}: "


def _addresses(name: str, recipients: Sequence[Recipient]) -> str:
    """Return a header of addresses, each on a line of its own."""
    return f"{name}: " + ",\r\n ".join(map(_mailbox, recipients))


def _mailbox(to: Recipient) -> str:
    """Return a recipient as a header names one (RFC 5322, 3.4): the name in quotation marks or in encoded words."""
    if not to.name:
        return to.address
    if to.name.isascii() and "=?" not in to.name and len(to.name) < LINE // 2:
        quoted = re.sub(r'(["\\])', r"\\\1", to.name)
        return f'"{quoted}" <{to.address}>'
    return f"{_encoded(to.name)}\r\n <{to.address}>"


_PAYLOAD = 48
"""How many characters of an encoded word are text: so that it fits beside the name of its header."""
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_AS_IT_IS = frozenset(_LETTERS + b"!*+-/")
_AS_A_VALUE = frozenset(_LETTERS + b"!+-._")


def _encoded(text: str) -> str:
    """Return a text as encoded words, a line each, no character parted (RFC 2047, 4.2, 5 (3) and 8)."""
    words = [""]
    for char in text:
        written = "".join(chr(b) if b in _AS_IT_IS else "_" if b == 32 else f"={b:02X}" for b in char.encode())
        if len(words[-1]) + len(written) > _PAYLOAD:
            words.append("")
        words[-1] += written
    return "\r\n ".join(f"=?utf-8?q?{word}?=" for word in words)


_PLAIN_NAME = re.compile(r"[A-Za-z0-9 ._+()-]{1,40}", re.ASCII)
"""A file's name that every reader of mail takes in quotation marks: some end one at a semicolon in it."""


def _parameter(name: str, value: str) -> Iterator[str]:
    """Yield a parameter of a header, encoded where it need be, and in pieces where it is long (RFC 2231, 3 and 4)."""
    if _PLAIN_NAME.fullmatch(value):
        yield f'{name}="{value}"'
        return
    pieces = [""]
    for char in value:
        written = "".join(chr(b) if b in _AS_A_VALUE else f"%{b:02X}" for b in char.encode())
        if len(pieces[-1]) + len(written) > _PAYLOAD:
            pieces.append("")
        pieces[-1] += written
    pieces[0] = f"utf-8''{pieces[0]}"
    for number, piece in enumerate(pieces):
        yield f"{name}*{number}*={piece}" if len(pieces) > 1 else f"{name}*={piece}"


# The parts.


def _part(type: str, content: bytes, encoding: str, parameters: Sequence[str] = (), language: bool = False) -> bytes:
    headers = [
        ";\r\n ".join([f"Content-Type: {type}", *parameters]),
        f"Content-Transfer-Encoding: {encoding}",
        *([f"Content-Language: {LANGUAGE}"] if language else []),
    ]
    return "".join(f"{header}\r\n" for header in headers).encode("ascii") + b"\r\n" + content


def _attached(file: Attachment) -> bytes:
    """Return an attachment, in base64 whatever its type, so that not a byte of it changes."""
    named = [*_parameter("name", file.name)] if _PLAIN_NAME.fullmatch(file.name) else []
    disposition = ";\r\n ".join(["Content-Disposition: attachment", *_parameter("filename", file.name)])
    content = base64.encodebytes(file.data).replace(b"\n", b"\r\n")
    return f"{disposition}\r\n".encode("ascii") + _part(file.type, content, "base64", named)


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """Return parts as one (RFC 2046, 5.1). No line of theirs can be the boundary: ``=_`` is in no encoding of ours."""
    opened = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    between = f"--{boundary}\r\n".encode("ascii")
    return opened + b"".join(between + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode("ascii")


def _quoted_printable(text: str) -> bytes:
    """Return a text in quoted-printable (RFC 2045, 6.7), each of its lines ended with CRLF.

    A line that a program on the way could take for its own, ``From `` or a full stop alone, is hidden from it.
    """
    lines = re.split(r"\r\n|\r|\n", text.rstrip("\r\n"))
    return "".join(f"{line}\r\n" for whole in lines for line in _quoted_lines(whole)).encode("ascii")


def _quoted_lines(line: str) -> Iterator[str]:
    content = line.encode("utf-8", "replace")
    hidden = content.startswith(b"From ") or content == b"."
    quoted = ""
    for at, byte in enumerate(content):
        plain = (33 <= byte <= 126 and byte != 61) or (byte in b" \t" and at < len(content) - 1)
        written = chr(byte) if plain and not (hidden and at == 0) else f"={byte:02X}"
        if len(quoted) + len(written) > LINE - 1:
            yield f"{quoted}="
            quoted = ""
        quoted += written
    yield quoted
