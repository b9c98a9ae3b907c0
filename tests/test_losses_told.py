"""One Word file with every kind of loss, through the command: the loss report names each, with its words and place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_documents_word import CHART, SERIES, box, change, field, table
from test_import_command import files, project, run
from wordfiles import p, part, r, word

__all__ = ["project"]

CALLS = {
    "footnote": '<w:r><w:footnoteReference w:id="2"/></w:r>',
    "endnote": '<w:r><w:endnoteReference w:id="5"/></w:r>',
    "comment": '<w:commentRangeStart w:id="4"/><w:r><w:t>three claims</w:t></w:r><w:commentRangeEnd w:id="4"/>'
    '<w:r><w:commentReference w:id="4"/></w:r>',
}
DRAWING = "<w:r><w:drawing><wp:inline><a:graphic>{}</a:graphic></wp:inline></w:drawing></w:r>"
PICTURE = (
    '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="A busy street"/><a:graphic><a:graphicData><pic:pic>'
    "<pic:nvPicPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)
DIAGRAM = (
    '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>plan '
    "and do</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
)
SHEET = '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12" r:id="o"/></w:object></w:r>'
MERGED = "<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{}</w:tc>"
SECTION = '<w:sectPr><w:headerReference w:type="default" r:id="h"/><w:footerReference r:id="f"/></w:sectPr>'


def file_with_every_loss() -> bytes:
    """Return a Word file in which something of each kind does not come through as it was."""
    gone = "<w:r><w:delText>once said</w:delText></w:r>"
    return word(
        p("Session 3: Procurement"),
        p("Learning points"),
        p("Share the risk", CALLS["footnote"], CALLS["endnote"], " early.", style=""),
        p("Count ", CALLS["comment"], "."),
        p("A box", box(p("boxed words")), " and a drawing", DRAWING.format("<a:t>drawn words</a:t>"), "."),
        p("A diagram", DRAWING.format('<dgm:relIds r:dm="d"/>'), ", a chart", DRAWING.format('<c:chart r:id="ch"/>')),
        p("A picture", PICTURE, " and a sheet", SHEET, "."),
        p("As ", "<m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath>", " shows."),
        p("It was ", change("ins", r("newly said")), change("del", gone), " so."),
        p("On ", field("DATE", r("1 May 2012")), "."),
        p("Seen", r("unseen words", "<w:vanish/>"), "."),
        table(MERGED.format(p("over two columns"))),
        SECTION,
        o="package embeddings/sheet.xlsx", d="diagramData diagrams/data1.xml", ch="chart charts/chart1.xml",
        h="header header1.xml", f="footer footer1.xml", n="footnotes footnotes.xml", e="endnotes endnotes.xml",
        k="comments comments.xml",
        parts={
            "word/embeddings/sheet.xlsx": b"PK",
            "word/diagrams/data1.xml": DIAGRAM,
            "word/charts/chart1.xml": CHART.format(SERIES.format("North")),
            "word/header1.xml": part("hdr", p("running head")),
            "word/footer1.xml": part("ftr", p("running foot")),
            "word/footnotes.xml": part("footnotes", f'<w:footnote w:id="2">{p("noted below")}</w:footnote>'),
            "word/endnotes.xml": part("endnotes", f'<w:endnote w:id="5">{p("noted at the end")}</w:endnote>'),
            "word/comments.xml": part("comments", f'<w:comment w:id="4">{p("is it three?")}</w:comment>'),
        },
    )  # fmt: skip


LOSSES = {
    "a text box": ("text box", "boxed words"),
    "a drawing": ("drawing", "drawn words"),
    "a diagram (SmartArt)": ("diagram", "plan and do"),
    "a chart": ("chart", "Visits"),
    "a picture": ("picture", "A busy street"),
    "an equation": ("equation", "a=b"),
    "a comment": ("comment", "is it three?"),
    "an insertion": ("insert|add", "newly said"),
    "a deletion": ("delet|taken out", "once said"),
    "a footnote": ("footnote", "noted below"),
    "an endnote": ("note", "noted at the end"),
    "a header": ("header", "running head"),
    "a footer": ("footer", "running foot"),
    "a field": ("field", "1 May 2012"),
    "hidden text": ("hidden", "unseen words"),
    "merged cells": ("merged", ""),
    "an embedded file": ("Excel|embedded|inside", "sheet.xlsx"),
}


@pytest.fixture
def report(project: Path, tmp_path: Path) -> str:
    """The loss report of that file, as it is printed; it is written beside the notes too."""
    (tmp_path / "three.docx").write_bytes(file_with_every_loss())
    code, said = run(project, str(tmp_path / "three.docx"))
    assert code == 0, said
    (written,) = [data.decode() for name, data in files(project).items() if name.endswith(".losses.txt")]
    assert written.strip() in said
    return " ".join(written.split())


def test_each_loss_of_a_word_file_is_named_with_its_words(report: str) -> None:
    items = re.split(r" - (?=[A-Z“])", report)
    for what, (named, words) in LOSSES.items():
        told = [item for item in items if re.search(named, item, re.I) and words in item]
        assert told, f"{what} is not named in:\n{report}"


def test_no_word_of_such_a_file_is_nowhere(report: str) -> None:
    assert re.search(r"nowhere 0 ", report), report
