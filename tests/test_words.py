"""What an output says against what it was meant to say: each rule that all formats share, from both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from pipeline.proofs.book import Book, Fault, Output, Said, UnreadableError
from pipeline.proofs.words import SHARED, Item, Link, ReadBack, Table, Transcript, same_spaces, words_missing

MEANT = ReadBack(
    title="What we learned",
    language="en-GB",
    blocks=("In brief", "Two findings of one session.", "Finding", "2.1", "About co-operation", "Needs", "Said so."),
    headings=((1, "In brief"), (1, "About co-operation"), (2, "Needs")),
    contents=("In brief", "About co-operation"),
    notes=("A footnote.", "Another."),
    alts=("From savings to prevention.",),
    links=(Link("finding 2.1", "#finding-2-1", True, "About co-operation"), Link("here is more", "https://a.example/")),
    items=(Item(1, "•", "Two findings"), Item(2, "1", "of one"), Item(2, "2", "session")),
    tables=(Table(1, (("Finding", "Statement"), ("2.1", "About co-operation"))),),
)


@dataclass(frozen=True)
class Heard:
    read: ReadBack
    meant: ReadBack = MEANT
    output: Output = "Word"


def faults(read: ReadBack, meant: ReadBack = MEANT, output: Output = "Word") -> list[Fault]:
    book: Book[Heard] = Book(output)
    book.share((*SHARED, (same_spaces, "")))
    return book.faults(Heard(read, meant, output))


def rules(read: ReadBack, meant: ReadBack = MEANT, output: Output = "Word") -> list[str]:
    return [fault.rule for fault in faults(read, meant, output)]


def test_what_says_all_that_was_meant_has_no_fault() -> None:
    assert faults(MEANT) == []


DIFFERENT: list[tuple[str, dict[str, Any]]] = [
    ("title-present", {"title": " "}),
    ("language-present", {"language": ""}),
    ("heading-levels", {"headings": ((1, "In brief"), (3, "About co-operation"), (2, "Needs"))}),
    ("alternative-present", {"alts": (" ",)}),
    ("links-lead-somewhere", {"links": (replace(MEANT.links[0], resolves=False), MEANT.links[1])}),
    ("same-words", {"blocks": (*MEANT.blocks[:-1], "Said not.")}),
    ("same-words", {"blocks": (*MEANT.blocks[:-2], MEANT.blocks[-1], MEANT.blocks[-2])}),
    ("same-words", {"blocks": MEANT.blocks[:-1]}),
    ("same-words", {"blocks": (*MEANT.blocks, "More.")}),
    ("same-notes", {"notes": MEANT.notes[::-1]}),
    ("same-notes", {"notes": MEANT.notes[:1]}),
    ("same-headings", {"headings": MEANT.headings[:2]}),
    ("same-headings", {"headings": (*MEANT.headings[:2], (1, "Needs"))}),
    ("same-contents", {"contents": MEANT.contents[:1]}),
    ("same-contents", {"contents": (*MEANT.contents, "Needs")}),
    ("same-contents", {"contents": ("In brief", "About co-operation, part 2")}),
    ("same-lists", {"items": MEANT.items[:2]}),
    ("same-lists", {"items": (replace(MEANT.items[0], mark="1"), *MEANT.items[1:])}),
    ("same-lists", {"items": (replace(MEANT.items[0], depth=2), *MEANT.items[1:])}),
    ("same-lists", {"items": (replace(MEANT.items[0], words="Three findings"), *MEANT.items[1:])}),
    ("same-tables", {"tables": ()}),
    ("same-tables", {"tables": (replace(MEANT.tables[0], headers=0),)}),
    ("same-tables", {"tables": (Table(1, (("Finding", "Statement"), ("2.1 About co-operation", ""))),)}),
    ("same-tables", {"tables": (Table(1, (("Finding", "Statement", ""), ("2.1", "About co-operation", ""))),)}),
    ("same-alternatives", {"alts": ("graphic",)}),
    ("same-links", {"links": MEANT.links[:1]}),
    ("same-links", {"links": (replace(MEANT.links[0], words="click here"), MEANT.links[1])}),
    ("same-links", {"links": (replace(MEANT.links[0], lands="Needs"), MEANT.links[1])}),
    ("same-links", {"links": (MEANT.links[0], replace(MEANT.links[1], target="https://b.example/"))}),
    ("same-spaces", {"blocks": ("In brief", "Two findings of one session.", "Finding2.1", *MEANT.blocks[4:])}),
]


@pytest.mark.parametrize(("rule", "other"), DIFFERENT)
def test_what_says_something_else_is_caught_by_its_rule(rule: str, other: dict[str, Any]) -> None:
    assert rule in rules(replace(MEANT, **other))


def test_every_shared_rule_has_a_difference_that_it_catches() -> None:
    names = {find.__name__.replace("_", "-") for find, _ in (*SHARED, (same_spaces, ""))}
    assert names == {rule for rule, _ in DIFFERENT}


def test_what_no_reader_sees_is_no_difference() -> None:
    read = replace(
        MEANT,
        blocks=tuple(block.replace("findings", "\ufb01nd\u00adings\u200b") for block in MEANT.blocks),
        contents=("In brief 3", "About co-operation 12"),
        links=(replace(MEANT.links[0], target="#_Ref7"), MEANT.links[1]),
    )
    assert faults(read) == []


def test_a_hyphen_at_the_end_of_a_line_of_a_pdf_is_a_letter_only_where_it_was_meant() -> None:
    ended = replace(MEANT, blocks=tuple(block.replace("-", "\u0002") for block in MEANT.blocks))
    unhyphened = replace(MEANT, blocks=tuple(block.replace("-", "") for block in MEANT.blocks))
    assert "same-words" not in rules(ended, MEANT, "PDF")
    assert "same-words" not in rules(ended, unhyphened, "PDF")
    assert "same-words" in rules(unhyphened, MEANT, "PDF")
    assert "same-words" in rules(ended, unhyphened, "Word")


def test_a_difference_is_shown_with_the_words_around_it_and_those_to_look_for() -> None:
    [fault] = [f for f in faults(replace(MEANT, blocks=(*MEANT.blocks[:-1], "Said not."))) if f.rule == "same-words"]
    assert fault.sentence.startswith("The Word file differs in its text: it says “")
    assert "Said not." in fault.sentence
    assert "Said so." in fault.sentence
    assert "Said so." in fault.near


def test_a_passage_that_is_not_there_is_named_whatever_gaps_it_has() -> None:
    assert words_missing(["Two findings", "of one\nsession. Finding 2.1", "About cooperation"], MEANT) == []
    assert words_missing(["Three findings", "Another."], MEANT) == ["Three findings"]


def told() -> Transcript:
    """A paragraph with a link, a list in a list with an item of no words, a table, a note with a link of its own."""
    say = Transcript("Title", "en")
    say.place("top")
    say.say("Words and ")
    with say.link("#there"):
        say.say("a  link")
    with say.aside(say.notes), say.link("https://a.example/"):
        say.say("noted")
    say.end_block()
    say.item(1, "•")
    say.item(2, "1")
    say.say("one")
    say.end_block()
    say.say("more of it")
    say.item(2, "2")
    with say.table(1):
        for row in (("a", ""), ("c", "d")):
            say.row()
            for cell in row:
                with say.cell():
                    say.say(cell)
    say.place("there")
    say.say("The end")
    say.end_block(1)
    return say


def test_a_transcript_tells_links_items_tables_and_where_links_land() -> None:
    read = told().read_back()
    assert read.blocks == ("Words and a link", "one", "more of it", "a", "c", "d", "The end")
    assert read.links == (Link("a link", "#there", True, "The end"), Link("noted", "https://a.example/"))
    assert read.notes == ("noted",)
    assert [(item.depth, item.mark, item.words) for item in read.items[:2]] == [(1, "•", ""), (2, "1", "one")]
    assert read.tables == (Table(1, (("a", ""), ("c", "d"))),)


def test_a_link_to_a_place_that_nobody_told_of_does_not_resolve() -> None:
    say = told()
    with say.link("#nowhere"):
        say.say("gone")
    assert say.read_back().links[1] == Link("gone", "#nowhere", False, "")


def test_the_entries_of_a_contents_list_are_no_blocks_and_its_heading_is_no_heading() -> None:
    say = Transcript("Title", "en")
    for heading, entry in (("Contents", "One 3"), ("Figures", "Figure 1. Two 4")):
        say.say(heading)
        say.end_block(1)
        say.begin_contents()
        with say.aside(say.contents), say.link("#x"):
            say.say(entry)
    say.say("Body")
    read = say.read_back()
    assert (read.blocks, read.headings, read.links) == (("Body",), (), ())
    assert read.contents == ("One 3", "Figure 1. Two 4")


# The book of rules


def a_rule(opened: str) -> Iterator[Said]:
    """The word is not odd."""
    if opened == "odd":
        yield Said("the word is odd", "odd")


def test_a_book_tells_its_rules_and_holds_what_is_opened_to_them() -> None:
    book: Book[str] = Book("HTML")
    book.rule("A standard, 1.2")(a_rule)
    book.ask("sense", "Does it make sense?", "WCAG 2.2, 1.1.1")
    assert [(rule.name, rule.person) for rule in book.rules()] == [("opens", False), ("a-rule", False), ("sense", True)]
    assert book.rules()[1].sentence == "The word is not odd."
    assert book.prove(lambda: "even") == []
    assert book.prove(lambda: "odd") == [Fault("HTML", "a-rule", "The word is odd", "A standard, 1.2", "odd")]


def test_what_cannot_be_opened_is_one_fault_and_no_more() -> None:
    def broken() -> str:
        raise UnreadableError("it is empty")

    book: Book[str] = Book("PDF")
    book.rule("")(a_rule)
    assert book.prove(broken) == [Fault("PDF", "opens", "The PDF cannot be read: it is empty")]


def test_two_rules_of_one_name_are_refused() -> None:
    book: Book[str] = Book("PDF")
    book.rule("")(a_rule)
    with pytest.raises(ValueError, match="a-rule"):
        book.rule("")(a_rule)
