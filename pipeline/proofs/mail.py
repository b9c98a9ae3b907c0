"""A mail read back, and held to what it was meant to say and to the rules of mail on its way.

It is read by the standard library's parser, in its older and simpler manner: the newer one puts spaces between encoded
words where there are none.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

from lxml import etree

from pipeline.model import Recipient
from pipeline.proofs.book import Book, Fault, Said, UnreadableError

LONGEST_LINE = 998


@dataclass(frozen=True, slots=True)
class Meant:
    """What a mail was meant to be: its subject, its words, those it goes to, and its files by name."""

    subject: str
    text: str
    recipients: tuple[Recipient, ...]
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class MailFile:
    """A mail as it was written and as it was read back, with what it was meant to be."""

    data: bytes
    message: Message
    meant: Meant

    def parts(self, attached: bool) -> list[Message]:
        """Return the parts with content of their own: those attached, or those that are the mail's words."""
        leaves = [part for part in self.message.walk() if not part.is_multipart()]
        return [part for part in leaves if (part.get_content_disposition() == "attachment") == attached]

    def header(self, name: str) -> str:
        """Return a header as it is meant to be read, its folds undone; empty where there is none."""
        return decoded(unfolded(str(self.message.get(name, ""))))


BOOK: Book[MailFile] = Book("mail")


def prove_mail(data: bytes, meant: Meant) -> list[Fault]:
    """Return the faults of a mail: of its lines, its head, its words, and the files that it carries."""
    return BOOK.prove(lambda: open_mail(data, meant))


def open_mail(data: bytes, meant: Meant) -> MailFile:
    """Return the mail, read back. Raises UnreadableError where the parser finds a defect in it."""
    message = email.message_from_bytes(data)
    defects = [type(defect).__name__ for part in message.walk() for defect in part.defects]
    if defects:
        raise UnreadableError(", ".join(dict.fromkeys(defects)))
    return MailFile(data, message, meant)


def unfolded(value: str) -> str:
    """Return the value of a header on one line (RFC 5322, 2.2.3)."""
    return re.sub(r"\r?\n(?=[ \t])", "", value)


def decoded(value: str) -> str:
    """Return a text with its encoded words read (RFC 2047)."""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, UnicodeError, LookupError):
        return value


def content(part: Message) -> bytes:
    """Return the bytes of a part."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


@BOOK.rule("RFC 5322, 2.3")
def lines_end_with_crlf(mail: MailFile) -> Iterator[Said]:
    """Each line of a mail ends with a carriage return and a line feed, and neither stands alone."""
    if re.search(rb"(?<!\r)\n|\r(?!\n)", mail.data) or not mail.data.endswith(b"\r\n"):
        yield Said("the mail has a line that does not end as lines of mail do")


@BOOK.rule("RFC 5322, 2.1.1")
def lines_short(mail: MailFile) -> Iterator[Said]:
    """No line of a mail is longer than 998 bytes."""
    if (longest := max(map(len, mail.data.split(b"\r\n")))) > LONGEST_LINE:
        yield Said(f"the mail has a line of {longest} bytes, and {LONGEST_LINE} are the most")


@BOOK.rule("RFC 5322, 2.1")
def letters_plain(mail: MailFile) -> Iterator[Said]:
    """A mail is written in ASCII, and has no NUL."""
    if not mail.data.isascii() or b"\0" in mail.data:
        yield Said("the mail has a byte that not every server carries")


@BOOK.rule("RFC 5322, 3.6")
def headers_once(mail: MailFile) -> Iterator[Said]:
    """The head of a mail names a thing once, and only what a draft should name."""
    known = {
        "x-unsent", "x-uniform-type-identifier", "date", "bcc", "subject", "message-id", "mime-version", "content-type",
    }  # fmt: skip
    names = [name.lower() for name in mail.message]
    for name in dict.fromkeys(names):
        if names.count(name) > 1 or name not in known:
            yield Said(f"the mail's head has “{name}” {names.count(name)} times, and should not")


@BOOK.rule("Outlook, Thunderbird, Apple Mail")
def opens_as_a_draft(mail: MailFile) -> Iterator[Said]:
    """A mail says that it is not sent yet, so that mail programs open it to be sent."""
    wanted = {"X-Unsent": "1", "X-Uniform-Type-Identifier": "com.apple.mail-draft"}
    for name, value in wanted.items():
        if mail.message.get(name) != value:
            yield Said(f"the mail's head does not say “{name}: {value}”")


@BOOK.rule("RFC 5322, 3.6.5; RFC 2047")
def subject_as_meant(mail: MailFile) -> Iterator[Said]:
    """The subject of a mail is read as it was meant."""
    if mail.header("subject") != mail.meant.subject:
        yield Said(f"the mail's subject is read as “{mail.header('subject')}”")


@BOOK.rule("RFC 5322, 3.4 and 3.6.3")
def recipients_as_meant(mail: MailFile) -> Iterator[Said]:
    """A mail goes to those it was meant for, by their names and addresses, and to nobody else."""
    read = [(decoded(name), address) for name, address in getaddresses([unfolded(mail.message.get("bcc", ""))])]
    if read != [(to.name, to.address) for to in mail.meant.recipients]:
        yield Said("the mail's recipients are not read as they were meant")


@BOOK.rule("RFC 2046, 5.1.4")
def words_as_meant(mail: MailFile) -> Iterator[Said]:
    """A mail says its words twice, as plain text and as a page, and both say the same."""
    kinds = [part.get_content_type() for part in mail.parts(attached=False)]
    if kinds != ["text/plain", "text/html"]:
        yield Said("the mail has not its words as plain text and then as a page")
        return
    text, page = (content(part).decode("utf-8", "replace") for part in mail.parts(attached=False))
    if lines(text) != lines(mail.meant.text):
        yield Said("the mail's plain text is not what it was meant to be")
    if heard(text) != heard(words_of(page)):
        yield Said("the mail's page does not say the words of its plain text")


def lines(text: str) -> list[str]:
    """Return the lines of a text, whatever ends them; empty ones at its end left out."""
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


def heard(text: str) -> list[str]:
    """Return the words of a text; the signs before items and under headings are none."""
    return [word for word in text.split() if word.strip("-=")]


def words_of(page: str) -> str:
    """Return the words of a page's body."""
    root = _tree(page)
    body = root.find("body") if root is not None else None
    return "" if body is None else " ".join(map(str, body.itertext()))


def _tree(page: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    try:
        return etree.fromstring(page.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


@BOOK.rule("WCAG 2.2, 2.4.2 and 3.1.1")
def page_named(mail: MailFile) -> Iterator[Said]:
    """The page of a mail says its language and its title, and fetches and runs nothing."""
    for part in mail.parts(attached=False):
        if part.get_content_type() != "text/html":
            continue
        root = _tree(content(part).decode("utf-8", "replace"))
        if root is None or root.get("lang") != "en-GB" or not (root.findtext("head/title") or "").strip():
            yield Said("the mail's page does not say its language and its title")
        elif {
            tag
            for tag in ("script", "link", "img", "iframe", "object", "style", "a")
            if root.find(f".//{tag}") is not None
        }:
            yield Said("the mail's page would fetch or run something")


@BOOK.rule("RFC 2183; RFC 2231")
def files_as_meant(mail: MailFile) -> Iterator[Said]:
    """A mail carries the files that it was meant to carry, under their names, to the last byte."""
    carried = [(part.get_filename() or "", content(part)) for part in mail.parts(attached=True)]
    if carried != list(mail.meant.files.items()):
        yield Said(f"the mail's files are not read as they were meant: {', '.join(name for name, _ in carried)}")
