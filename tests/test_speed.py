"""What is done quickly is done the same, and what has not changed is not done again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from big import programme
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline import process
from pipeline.build import build, read, tell_findings
from pipeline.document import plain_text
from pipeline.model import Options
from pipeline.programs import Programs
from pipeline.readers.markdown import parse, plain
from pipeline.workspace import read_sources

PROJECT = Path(__file__).parent.parent

# Words that are plain, words that Markdown gives a meaning in some places, and what stands between words.
WORDS = st.sampled_from(
    [
        "word", "Other", "été", "3.2", "£4", "(so", "it's", "“quoted”", "end.", "and/or", "no—yes", "80%", "a)", "A.",
        "1.", "12)", "-", "+", "*", "_so_", "**", "*so*", "so*", "#", ">", "===", "---", "|", "`", "[x]",
        "![", "<b>", "&amp;", "\\",
        "~~", "https://example.org", "me@example.org", ":", "!", "[^1]", "[^1]:", "e\u0301", "\u00a0", "日本", "x_y",
    ]
)  # fmt: skip
GAPS = st.sampled_from([" ", " ", " ", "\n", "\n\n", "\n\n\n", "  ", "  \n", "\t", "\n    ", "\n- "])


@st.composite
def texts(draw: st.DrawFn) -> str:
    words = draw(st.lists(WORDS, min_size=1, max_size=7))
    return "".join(word + draw(GAPS) for word in words)


@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(st.lists(texts(), min_size=60, max_size=120))
def test_a_text_without_marks_is_read_as_pandoc_reads_it(given: list[str]) -> None:
    """Only texts that we take for plain are compared; that there are such texts is told below."""
    plain_ones = [text for text in given if plain(text) is not None]
    assert [plain(text) for text in plain_ones] == parse(plain_ones, process.pandoc)


def test_the_notes_of_a_session_need_no_markdown_reader_and_marks_do() -> None:
    notes = read(read_sources(PROJECT).files, programs(process.Memory({}))).notes
    assert notes is not None
    assert all(plain(point.record.text) for point in notes.points())
    for marked in (
        "- a",
        "1. a",
        "a *b*",
        "a\n===",
        "a | b",
        "a  \nb",
        "    a",
        "[a]",
        "a\\",
        "# a",
        "<a>",
        "a &amp; b",
    ):
        assert plain(marked) is None, marked


def test_a_made_up_programme_is_sound_and_the_same_each_time() -> None:
    sources = programme(8, 20)
    assert sources == programme(8, 20) != programme(8, 20, seed=1)
    told = tell_findings(read(sources, programs(process.Memory({}))), Options())
    assert told.remarks == ()
    assert told.reading.notes is not None
    assert len(list(told.reading.notes.points())) == 160
    assert len(told.findings) == 152
    blocks = [block["t"] for texts in told.reading.parsed.values() for block in texts]
    assert {"Para", "BulletList", "OrderedList", "Table", "BlockQuote"} <= set(blocks)
    assert "One example showed that" in " ".join(plain_text(texts) for texts in told.reading.parsed.values())


def test_after_one_word_only_what_depends_on_it_is_made_again() -> None:
    store: dict[str, bytes] = {}
    sources = programme(4, 12)
    assert {made for _, made in stages(sources, store)} == {True}
    assert {made for _, made in stages(sources, store)} == {False}
    file = next(file for file in sources if b"These include:" in sources[file])
    changed = sources | {file: sources[file].replace(b"These include:", b"These all include:", 1)}
    after = stages(changed, store)
    assert sorted(what for what, made in after if made) == sorted(
        ["parse", *(f"{done} {format}" for done in ("write", "prove") for format in ("docx", "pdf", "html"))]
    )
    assert ("parse", False) in after
    assert sum(what.startswith("draw") for what, made in after if not made) >= 3


def stages(sources: Mapping[str, bytes], store: dict[str, bytes]) -> list[tuple[str, bool]]:
    """Build these sources; return each thing that was made or remembered, and whether it was made."""
    memory = process.Memory(store)
    built = build(sources, programs(memory), Options())
    assert built.outputs is not None, (built.told.remarks, built.faults)
    return [(entry.what, entry.made) for entry in memory.record]


def programs(memory: process.Memory) -> Programs:
    return Programs(process.pandoc, process.graphviz, process.typst, process.fonts, process.versions, memory.remembered)
