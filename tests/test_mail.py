"""A mail to be sent by a person: two parsers read back what was meant, whatever the words, and the bytes never vary."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

import pytest
from fast_mail_parser import parse_email
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.model import Date, Recipient
from pipeline.writers.mail import BREAKING, Attachment, draft

LETTERS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=120)
ONE_LINE = LETTERS.map(lambda text: " ".join(text.split()))
"""What the readers of the sources let through for a line: any letters, no line break, no two spaces together."""

DAY = Date(2026, 11, 29)
FILES = (
    Attachment("report-1.0.docx", bytes(range(256)) * 40, "application/octet-stream"),
    Attachment("report-1.0.html", b"<p>one\ntwo\r\nthree\rfour. \n.\nFrom here\n", "text/html; charset=utf-8"),
)


def read(mail: bytes) -> EmailMessage:
    return email.message_from_bytes(mail, policy=email.policy.default)  # type: ignore[return-value]


def header(mail: bytes, name: str) -> str:
    """A header as the standard library decodes it, one encoded word with the next."""
    raw = email.message_from_bytes(mail)[name]
    return str(make_header(decode_header("".join(raw.split("\r\n")))))


def recipients(mail: bytes) -> list[tuple[str, str]]:
    raw = "".join(email.message_from_bytes(mail)["bcc"].split("\r\n"))
    return [(str(make_header(decode_header(name))), address) for name, address in getaddresses([raw])]


def held_to_the_wire(mail: bytes) -> None:
    """RFC 5322, 2.1.1 and 2.3: CRLF alone ends a line, and none is longer than 998; no byte above 127."""
    assert mail.isascii()
    lines = mail.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 998
    # RFC 2047, 2: an encoded word has 75 characters at most, and a line with one 76.
    assert all(len(line) <= 76 for line in lines[: lines.index(b"")] if b"=?" in line)
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?q\?[^?]*\?=", mail))


@example("Ordinary words")
@example("=?utf-8?q?not_a_word?=")
@example("Café: “edition 1.0” — " + "long " * 30)
@example("x" * 120)
@given(ONE_LINE)
def test_two_parsers_read_back_any_subject(subject: str) -> None:
    mail = draft(subject, "Words.")
    held_to_the_wire(mail)
    assert header(mail, "subject") == subject
    assert read(mail)["subject"] == subject
    assert parse_email(mail).subject == subject


@example('Doe, "Jo" \\ Jane')
@example("Zoë Müller-Lüdenscheidt, “Zo”, of the Department of Long Names and of Names Longer Still")
@example("=?utf-8?q?a?=")
@given(ONE_LINE)
def test_a_parser_reads_back_any_name(name: str) -> None:
    to = (Recipient("first@example.org", name), Recipient("second@example.org"))
    mail = draft("Subject", "Words.", bcc=to)
    held_to_the_wire(mail)
    assert recipients(mail) == [(name, "first@example.org"), ("", "second@example.org")]
    found = read(mail)["bcc"].addresses
    assert [one.addr_spec for one in found] == ["first@example.org", "second@example.org"]
    (bcc,) = parse_email(mail).headers["Bcc"]
    assert bcc.endswith("second@example.org")
    if not name.isascii():
        assert bcc == f"{name} <first@example.org>, second@example.org"


@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=300)))
def test_two_parsers_read_back_any_text(text: str, html: str | None) -> None:
    mail = draft("Subject", text, html=html)
    held_to_the_wire(mail)

    def lines(words: str) -> str:
        return words.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")

    body = read(mail).get_body(("plain",))
    assert body is not None
    other = parse_email(mail)
    assert lines(body.get_payload(decode=True).decode()) == lines(text)
    assert lines("".join(other.text_plain)) == lines(text)
    if html is not None:
        page = read(mail).get_body(("html",))
        assert page is not None
        assert lines(page.get_payload(decode=True).decode()) == lines(html)
        assert lines("".join(other.text_html)) == lines(html)


@example("report-1.0.pdf", b"")
@example("Bericht, größer und länger als alle Berichte, die wir kennen, und dann noch einer.pdf", b"x")
@given(ONE_LINE.filter(lambda name: name and not set(name) & set("/\\")), st.binary(max_size=400))
def test_two_parsers_read_back_any_file_under_any_name(name: str, data: bytes) -> None:
    mail = draft("Subject", "Words.", attachments=[Attachment(name, data, "application/pdf")])
    held_to_the_wire(mail)
    (file,) = read(mail).iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == (name, "application/pdf")
    assert file.get_payload(decode=True) == data
    (other,) = parse_email(mail).attachments
    assert (other.filename, other.mimetype, bytes(other.content)) == (name, "application/pdf", data)


@pytest.mark.parametrize("breaking", ["\r\nBcc: x@example.org", "\n", "\r", "\0", "\t", "\x85", "\u2028", "\ud800"])
def test_what_could_start_another_header_is_refused_in_each_place(breaking: str) -> None:
    assert BREAKING.search(breaking)
    for make in (
        lambda: draft(f"a{breaking}b", ""),
        lambda: draft("a", "", bcc=[Recipient("a@example.org", f"a{breaking}b")]),
        lambda: draft("a", "", bcc=[Recipient(f"a@example.org{breaking}")]),
        lambda: draft("a", "", attachments=[Attachment(f"a{breaking}b", b"", "text/plain")]),
    ):
        with pytest.raises(ValueError, match="a header cannot hold"):
            make()


def whole() -> bytes:
    to = (Recipient("first@example.org", "Zoë"), Recipient('"a b"@example.org', "Doe, Jane"))
    return draft("Our “report”", "Words.", html="<p>Words.</p>", bcc=to, attachments=FILES, date=DAY)


def test_it_opens_as_a_draft_without_a_sender_and_shows_nobody_the_others() -> None:
    message = read(whole())
    assert message["X-Unsent"] == "1"
    assert message["X-Uniform-Type-Identifier"] == "com.apple.mail-draft"
    assert not {"from", "to", "cc", "sender"} & {name.lower() for name in message}
    assert [one.addr_spec for one in message["bcc"].addresses] == ["first@example.org", '"a b"@example.org']


def test_its_parts_are_the_words_twice_and_then_the_files() -> None:
    message = read(whole())
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html",
        "application/octet-stream", "text/html",
    ]  # fmt: skip
    assert [part["content-language"] for part in message.walk()][2:4] == ["en-GB", "en-GB"]
    assert [part.defects for part in message.walk() if part.defects] == []
    assert [file.get_payload(decode=True) for file in message.iter_attachments()] == [file.data for file in FILES]
    assert [bytes(file.content) for file in parse_email(whole()).attachments] == [file.data for file in FILES]


def test_its_date_is_noon_of_the_day_and_no_date_is_made_up() -> None:
    assert parsedate_to_datetime(read(whole())["date"]).isoformat() == "2026-11-29T12:00:00+00:00"
    assert "Sun, 29 Nov 2026" in read(whole())["date"]
    assert read(draft("a", "b"))["date"] is None
    assert read(draft("a", "b", date=Date(2026, 11)))["date"] is None


def test_the_same_mail_has_the_same_bytes_on_any_machine_and_another_mail_another_mark() -> None:
    assert whole() == whole()
    assert hashlib.sha256(whole()).hexdigest() == SEEN
    marks = {
        read(mail)["message-id"] for mail in (whole(), draft("a", "b"), draft("a", "c"), draft("a", "b", date=DAY))
    }
    assert len(marks) == 4


SEEN = "208f1bd27857683f991095d8f23070985c1884dc7b8d8e388b167ee968dabdc2"
"""Of the bytes as they were made first. A change of it is a change of each mail: make one on purpose."""
