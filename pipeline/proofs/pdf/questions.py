"""What only a person can judge of the PDF."""

from __future__ import annotations

from pipeline.proofs.pdf.file import BOOK

for _name, _question, _source in (
    ("alternatives-say-it", "Does the alternative of each figure say in words what the figure says?",
        "PDF/UA-1 7.3; Matterhorn checkpoint 13; WCAG 2.2, 1.1.1"),
    ("figures-are-told-apart", "Is each picture that says something a figure, and each that only adorns decoration?",
        "PDF/UA-1 7.1; Matterhorn 01-001, 01-002"),
    ("tags-fit", "Is each thing tagged as what it is for a reader: heading, quotation, list, table?",
        "PDF/UA-1 7.1; Matterhorn 01-006"),
    ("order-makes-sense", "Read aloud from start to end, does the report make sense in that order?",
        "PDF/UA-1 7.2; Matterhorn 09-001; WCAG 2.2, 1.3.2"),
    ("headings-describe", "Does each heading say what stands under it?",
        "PDF/UA-1 7.4; Matterhorn checkpoint 14; WCAG 2.2, 2.4.6"),
    ("not-by-colour-alone", "Is everything that colour or place tells also told in words or by another sign?",
        "PDF/UA-1 7.1; Matterhorn 04-001; WCAG 2.2, 1.4.1"),
    ("contrast-in-pictures", "Are the words and lines within pictures dark enough on what lies behind them?",
        "PDF/UA-1 7.1; Matterhorn checkpoint 04; WCAG 2.2, 1.4.3 and 1.4.11"),
    ("headers-fit", "Does each header cell say what stands in its column, and is the first column clear without one?",
        "PDF/UA-1 7.5; Matterhorn checkpoint 15; WCAG 2.2, 1.3.1"),
    ("tables-are-tables", "Is each table one because its rows and columns mean something?",
        "PDF/UA-1 7.5; Matterhorn checkpoint 15"),
    ("language-of-parts", "Are there passages in another language, which would be read with the wrong voice?",
        "PDF/UA-1 7.2; Matterhorn 11-007; WCAG 2.2, 3.1.2"),
    ("link-words-tell", "Do the words of each link tell where it leads, even when they are read alone?",
        "PDF/UA-1 7.18.5; WCAG 2.2, 2.4.4"),
    ("title-describes", "Does the title tell this report from every other one?",
        "PDF/UA-1 7.1; Matterhorn checkpoint 06; WCAG 2.2, 2.4.2"),
):  # fmt: skip
    BOOK.ask(_name, _question, _source)
