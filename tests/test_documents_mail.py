"""Mails as they were saved: their body is read, what is attached is handed on, and nothing in between is lost."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import speaks

from pipeline.original import Original, Refused
from pipeline.readers.documents.mail import is_it, read
from pipeline.readers.text import unprintable


def mail(text: str = "", page: str = "", subject: str = "Notes") -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"] = "Jo Bloggs <jo@x.org>", "group@x.org", subject
    message["Date"] = "Sat, 30 Jun 2012 10:00:00 +0100"
    if text:
        message.set_content(text)
    if page and text:
        message.add_alternative(page, "html")
    elif page:
        message.set_content(page, "html")
    return message


def taken(message: EmailMessage | bytes) -> Original:
    original = read("notes.eml", message if isinstance(message, bytes) else message.as_bytes())
    assert original.unaccounted == 0
    return original


def told(original: Original) -> list[tuple[str, str]]:
    return [(passage.marker, passage.text) for passage in original.passages]


def losses(original: Original) -> dict[tuple[str, bool], str]:
    return {(loss.kind, loss.taken): loss.words for loss in original.losses}


WHOLE = mail("Words of the session\n\n1. One\n\n> quoted\n", "<p>Words</p><img alt='x'>")
WHOLE.add_attachment(b"PK", maintype="application", subtype="zip", filename="a.zip")
WHOLE.add_attachment(mail("inner"))
GOOD = WHOLE.as_bytes()


@given(st.data())
def test_a_broken_mail_is_read_whole_or_refused(data: st.DataObject) -> None:
    broken = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        original = read("notes.eml", bytes(broken))
    except Refused as refused:
        speaks(refused)
    else:
        assert original.unaccounted == 0
        assert all(not unprintable(text, "notes.eml") for text in original.texts())


HEADS = st.sampled_from(
    ["Subject: =?utf-8?q?caf=C3=A9?=\n", "Subject: =?x?y?z?=\n", "Content-Type: multipart/mixed; boundary=b\n",
    "Content-Type: text/html\n",
     "Content-Type: multipart/alternative; boundary=\"b\"\n", "Content-Type: message/rfc822\n", "--b\n", "--b--\n",
     "\n", "\n", "words\n",
     "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n",
     "Content-Transfer-Encoding: uuencode\n",
     "Content-Disposition: attachment; filename*=x'y'%ff\n", "Content-Type: text/plain; charset=utf-16\n",
     "d29yZHM=\n", "<p>words\n",
     "Content-Type: text/plain; charset*=a'b'c; format=flowed; delsp=yes\n", "Date: yesterday\n", "To: \x80\xff\n",
     "=e9=\n", "> quoted\n",
     "Content-Type: application/ms-tnef\n", "Content-Type: image/png\n", "Content-ID: <x>\n",
     "Content-Type: multipart/related\n",
     "Content-Type: multipart/digest; boundary=b\n", "Content-Type: message/delivery-status\n",
     "On 3 June, Al wrote:\n", "-- \n", " \t\n"]
)  # fmt: skip


@given(st.lists(HEADS, max_size=30).map("".join))
def test_heads_and_parts_in_any_order_are_read_or_refused(text: str) -> None:
    try:
        assert read("notes.eml", b"From: a@b.c\nTo: d@e.f\n" + text.encode("latin-1")).unaccounted == 0
    except Refused as refused:
        speaks(refused)


@given(st.binary(max_size=200))
def test_what_is_no_mail_is_refused(data: bytes) -> None:
    if not is_it(data):
        with pytest.raises(Refused):
            read("notes.eml", data)


def test_the_body_is_read_and_the_head_is_not_taken_for_words() -> None:
    original = taken(mail("Dear all,\n\nKey findings\n\n1. One thing\n2. Another\n", subject="Notes – “session” 2"))
    assert told(original) == [("", "Dear all,"), ("", "Key findings"), ("1.", "One thing"), ("2.", "Another")]
    assert original.properties == {
        "from": "Jo Bloggs <jo@x.org>",
        "to": "group@x.org",
        "date": "2012-06-30",
        "subject": "Notes – “session” 2",
    }
    assert losses(original)["header", False] == "Notes – “session” 2"


def test_of_text_and_page_the_text_is_read_and_words_of_one_alone_are_told() -> None:
    original = taken(mail("Please find the notes, Al.", "<p>Please find <b>the notes</b>, Jo and all.</p>"))
    assert told(original) == [("", "Please find the notes, Al.")]
    assert losses(original)["alternative", False] == "Jo and all"
    assert losses(original)["alternative", True] == "Al"
    assert not any(kind == "alternative" for kind, _ in losses(taken(mail("The same.", "<p>The same.</p>"))))


def test_where_the_text_is_a_stub_the_page_is_read() -> None:
    original = taken(mail("HTML only", "<h1>Notes</h1><ul><li>One thing said</ul><p>And more words</p>"))
    assert told(original) == [("", "Notes"), ("•", "One thing said"), ("", "And more words")]
    assert losses(original)["alternative", False] == "HTML only"


def test_what_is_attached_is_handed_on_under_a_safe_name() -> None:
    message = mail("See the files.")
    for name in (
        "../../etc/notes\u202efdp.docx",
        "C:\\x\\notes.docx",
        "..",
        "",
        "a\tb?.txt",
        "NOTES.docx",
        "x" * 300 + ".odt",
    ):
        message.add_attachment(b"PK", maintype="application", subtype="octet-stream", filename=name)
    message.add_attachment(mail("inner", subject="a/b: c"))
    names = [attached.name for attached in taken(message).attachments]
    assert names == [
        "notesfdp.docx", "notes.docx", "attachment-3", "attachment-4", "a b.txt", "NOTES (2).docx",
        "x" * 116 + ".odt", "b c.eml",
    ]  # fmt: skip
    inner = taken(message).attachments[-1]
    assert told(taken(inner.data)) == [("", "inner")]


def test_a_quotation_and_a_signature_are_taken_and_said_to_be_such() -> None:
    original = taken(mail("New words.\n\n-- \nJo\n\nOn 3 June 2012, Al wrote:\n> Earlier words\n>\n> > deeper\n"))
    assert [text for _, text in told(original)] == [
        "New words.", "--", "Jo", "On 3 June 2012, Al wrote:", "Earlier words", "deeper",
    ]  # fmt: skip
    assert losses(original)["quotation", True] == "On 3 June 2012, Al wrote:\nEarlier words\ndeeper"
    assert losses(original)["mail-signature", True] == "--\nJo"
    assert [passage.style for passage in original.passages] == ["", *["signature"] * 2, *["quotation"] * 3]


def test_only_two_dashes_and_a_space_begin_a_signature_and_two_dashes_alone_may_be_a_rule() -> None:
    original = taken(mail("New words.\n\n--\nShare the risk.\n\n> Earlier words\n\nLast words.\n"))
    assert [passage.style for passage in original.passages] == ["", *["perhaps a signature"] * 2, "quotation", ""]
    (perhaps,) = (loss for loss in original.losses if loss.kind == "mail-signature")
    assert perhaps.words == "--\nShare the risk."
    assert "may be the signature" in perhaps.sentence
    strict = taken(mail("New words.\n\n --\n--  \n-- x\n---\nShare the risk.\n"))
    assert "signature" not in {passage.style for passage in strict.passages}


def test_what_follows_the_mail_that_a_signature_stands_above_is_no_part_of_it() -> None:
    original = taken(mail("New words.\n-- \nJo\n> Earlier words\nLast words.\n"))
    assert [(passage.text, passage.style) for passage in original.passages][-2:] == [
        ("Earlier words", "quotation"), ("Last words.", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("text/plain; charset=utf-8", "Café “x”".encode()),
        ("text/plain; charset=iso-8859-1", "Café “x”".encode("cp1252")),
        ("text/plain", "Café “x”".encode()),
        ("text/plain; charset=utf-8", "Café “x”".encode("cp1252")),
        ("text/plain; charset=nonsense", "Café “x”".encode("cp1252")),
        ("text/html; charset=windows-1252", "<p>Café “x”".encode("cp1252")),
        ("text/plain; charset=utf-7", "Café “x”".encode("cp1252")),
    ],
)
def test_each_encoding_is_read_also_one_that_is_not_said_truly(head: str, body: bytes) -> None:
    message = (
        b"From: a@b.c\nSubject: x\nContent-Transfer-Encoding: 8bit\nContent-Type: " + head.encode() + b"\n\n" + body
    )
    assert told(taken(message)) == [("", "Café “x”")]


@pytest.mark.parametrize(
    ("kind", "more", "loss"),
    [
        ("application/ms-tnef", "", "embedded"),
        ("image/png", "Content-ID: <logo>\n", "picture"),
        ("application/pgp-signature", "", "signature"),
    ],
)
def test_what_is_neither_words_nor_a_file_of_use_is_told(kind: str, more: str, loss: str) -> None:
    message = (
        "From: a@b.c\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nWords\n--b\n"
        f"Content-Type: {kind}\n{more}\ndata\n--b--\n"
    )
    original = taken(message.encode())
    assert (loss, False) in losses(original)
    assert original.attachments == ()


def test_words_between_the_parts_are_told() -> None:
    message = (
        b"From: a@b.c\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\nhidden "
        b"words\n--b\n\nWords\n--b--\nlast words"
    )
    assert told(taken(message)) == [("", "Words")]
    assert losses(taken(message))["hidden", False] == "last words"


def test_an_encrypted_mail_and_parts_without_end_are_refused() -> None:
    encrypted = b"From: a@b.c\nSubject: x\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIAG"
    with pytest.raises(Refused, match="encrypted"):
        read("x.eml", encrypted)
    nested = b"From: a@b.c\nTo: d@e.f\n" + b"Content-Type: message/rfc822\n\n" * 5000
    with pytest.raises(Refused, match="more parts"):
        read("x.eml", nested)


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"From: a@b.c\nTo: d@e.f\n\nx", True),
        (b"Received: from x\n by y\nMIME-Version: 1.0\n\nx", True),
        (b"From a@b Sat Jun 30\nFrom: a@b.c\nDate: x\n\nx", True),
        (b"Date: 24 February\nPlace: Norwich\nSubject: Localism\n\nWe met.", False),
        (b"From: the group\nwe heard that\n", False),
        (b"<html>", False),
    ],
)
def test_a_mail_is_known_by_its_head(data: bytes, answer: bool) -> None:
    assert is_it(data) is answer
