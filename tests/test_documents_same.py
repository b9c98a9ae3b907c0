"""The same notes in each format that is read: the same words in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from html import escape
from xml.sax.saxutils import escape as xml

from hypothesis import given
from hypothesis import strategies as st
from test_documents_odt import packed

from pipeline.original import Original
from pipeline.readers.documents import mail, marked, odt, plain, web

Block = tuple[str, list[str]]

WORDS = st.lists(st.from_regex(r"[A-Za-z][a-z’é]{1,8}", fullmatch=True), min_size=2, max_size=14).map(
    lambda words: f"We {' '.join(words)} too."
)
BLOCKS = st.lists(
    st.one_of(
        st.tuples(st.just("p"), st.lists(WORDS, min_size=1, max_size=1)),
        st.tuples(st.just("ol"), st.lists(WORDS, min_size=1, max_size=4)),
        st.tuples(st.sampled_from(["Introduction", "Key findings", "Conclusion"]), st.just([])),
    ),
    min_size=1,
    max_size=8,
)


def as_text(blocks: Sequence[Block]) -> bytes:
    told = []
    for kind, texts in blocks:
        lines = [f"{number}. {text}" for number, text in enumerate(texts, 1)] if kind == "ol" else texts or [kind]
        told.append("\n".join(lines))
    return "\n\n".join(told).encode()


def as_markdown(blocks: Sequence[Block]) -> bytes:
    told = []
    for kind, texts in blocks:
        lines = (
            [f"{number}. {text}" for number, text in enumerate(texts, 1)] if kind == "ol" else texts or [f"## {kind}"]
        )
        # A comment parts two lists that follow each other.
        told.append("\n".join(lines) + ("\n\n<!-- -->" if kind == "ol" else ""))
    return "\n\n".join(told).encode()


def as_page(blocks: Sequence[Block]) -> bytes:
    told = []
    for kind, texts in blocks:
        if kind == "ol":
            told.append("<ol>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ol>")
        else:
            told.append(f"<p>{escape(texts[0])}</p>" if texts else f"<h2>{kind}</h2>")
    return ("<!DOCTYPE html><meta charset=utf-8>" + "\n".join(told)).encode()


def as_odt(blocks: Sequence[Block]) -> bytes:
    told = []
    for kind, texts in blocks:
        paragraphs = [f"<text:p>{xml(text)}</text:p>" for text in texts]
        if kind == "ol":
            items = "".join(f"<text:list-item>{paragraph}</text:list-item>" for paragraph in paragraphs)
            told.append(f"<text:list text:style-name='L'>{items}</text:list>")
        else:
            told.append(paragraphs[0] if texts else f"<text:h text:outline-level='2'>{kind}</text:h>")
    return packed("".join(told))


def as_mail(blocks: Sequence[Block]) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.c", "Notes"
    message.set_content(as_text(blocks).decode())
    return message.as_bytes()


def told(original: Original) -> list[tuple[str, str, str]]:
    return [(passage.kind, passage.marker, passage.text) for passage in original.passages]


@given(BLOCKS)
def test_the_same_notes_in_each_format_give_the_same_words_in_the_same_order(blocks: list[Block]) -> None:
    page = told(web.read("notes.html", as_page(blocks)))
    assert told(odt.read("notes.odt", as_odt(blocks))) == page
    assert told(marked.read("notes.md", as_markdown(blocks))) == page
    assert told(mail.read("notes.eml", as_mail(blocks))) == told(plain.read("notes.txt", as_text(blocks)))
    # Plain text does not say what is a heading: its words are the same, whatever they were taken for.
    assert [words[1:] for words in told(plain.read("notes.txt", as_text(blocks)))] == [words[1:] for words in page]


@given(BLOCKS)
def test_each_file_is_known_for_what_it_is(blocks: list[Block]) -> None:
    files = {web: as_page(blocks), odt: as_odt(blocks), mail: as_mail(blocks)}
    for reader in (web, odt, mail):
        assert [file for file in files if reader.is_it(files[file])] == [reader]
        assert not reader.is_it(as_text(blocks))
        assert not reader.is_it(as_markdown(blocks))
