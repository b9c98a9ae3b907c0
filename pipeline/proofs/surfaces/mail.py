"""The words of a mail: its headers, its texts and its attachments (RFC 5322, RFC 2045 to 2047, RFC 2231)."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator, Set
from email.message import EmailMessage

from pipeline.proofs.surfaces import APART, Room, Surface, UnknownError

TO_WHOM = "bcc"
"""The header that names who a mail goes to; it is no place where a report names anybody."""

CODE = frozenset(("message-id", "content-type", "content-id", "references", "in-reply-to", "mime-version"))
"""Headers that are signs for programs: a Message-ID looks like an address, and is none."""


def of_mail(data: bytes, room: Room) -> Iterator[Surface]:
    """Yield the headers but Bcc, then each part: its text, or the file that it attaches, with its name."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise UnknownError
    yield Surface(room.file, "the headers", _headers(message, CODE))
    yield Surface(room.file, "the headers", _headers(message, set(map(str.lower, message.keys())) - CODE), prose=False)
    yield Surface(room.file, "the headers", APART.join(_raw(message)), prose=False)
    for part in message.walk():
        for text in (part.preamble, part.epilogue):
            if text:
                yield Surface(room.file, "the words around its parts", text)
        if part is not message:
            headers = APART.join((_headers(part, frozenset()), *_raw(part)))
            yield Surface(room.file, "the headers of its parts", headers, prose=False)
        if part.is_multipart():
            continue
        name = part.get_filename()
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if name or part.get_content_maintype() != "text":
            name = name or f"file.{part.get_content_subtype()}"
            yield Surface(room.file, "the names of the attachments", name)
            yield from room.inside(name, content, f"the attachment {name}")
        else:
            text = _decoded(content, part.get_content_charset() or "utf-8")
            kind = part.get_content_subtype()
            yield from room.inside(f"mail.{kind}", text.encode("utf-8", "replace"), f"the {kind} text")


def _raw(message: EmailMessage) -> Iterator[str]:
    """Yield the names of the headers but Bcc, what they have as it stands there, and the name of what is uuencoded."""
    for key, value in message.raw_items():
        if key.lower() != TO_WHOM:
            yield key
            yield " ".join(str(value).split())
    if "uu" in str(message.get("content-transfer-encoding", "")).lower():
        yield from re.findall(r"^begin \d+ (.+)$", str(message.get_payload()), re.M)


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _headers(message: EmailMessage, without: Set[str]) -> str:
    found = []
    for key, value in message.items():
        if key.lower() != TO_WHOM and key.lower() not in without:
            try:
                found.append(str(value))
            except (ValueError, LookupError, AttributeError, IndexError):
                found.append(repr(value))
    return APART.join(found)
