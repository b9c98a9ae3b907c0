"""The commands that find pairs of learning points and record what people decide of them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipeline.cli.asking import EXAMPLES
from pipeline.cli.desk import JUDGEMENTS, Typed, usage

Most = Annotated[
    int | None,
    typer.Option("--most", min=1, max=1000, help="How many pairs to look for; else half as many as points, 10 to 50."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON, for programs.")]
By = Annotated[str | None, typer.Option("--by", metavar="WHO", help="Who decides; else who decided last.")]


def match(
    most: Most = None,
    as_json: AsJson = False,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            metavar="POINTS.duckdb",
            help="Match the table points(id, session, statement, record) of a DuckDB database, and write what is found "
            "into it: the tables keys, same_words, neighbours and proposals.",
        ),
    ] = None,
) -> None:
    """List the pairs of learning points that may say the same and that nobody has decided on."""
    from pipeline.cli.searching import show, show_store

    if store is None:
        show(most, as_json)
    else:
        show_store(store, most, as_json)


def review(
    most: Most = None,
    by: By = None,
    plain: Annotated[
        bool,
        typer.Option("--plain", help="Plain lines, one after the other: for screen readers and simple terminals."),
    ] = False,
) -> None:
    """Decide, pair by pair, whether learning points say the same."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        usage(
            "Review asks questions, so it needs a terminal, and there is none here.",
            "Decide with “roundtable decide A B same”, or with a list: roundtable decide --file LIST.jsonl",
        )
    from pipeline.cli.review import sit_down

    sit_down(most, by, plain)


def decide(
    a: Annotated[
        str | None, typer.Argument(metavar="A", help="A learning point or finding: its number or its slug.")
    ] = None,
    b: Annotated[str | None, typer.Argument(metavar="B", help="The other one.")] = None,
    judgement: Annotated[
        str | None, typer.Argument(metavar="JUDGEMENT", help=f"One of: {', '.join(JUDGEMENTS)}.")
    ] = None,
    why: Annotated[str, typer.Option("--why", help="The reason; wanted where there is a warning.")] = "",
    by: By = None,
    wording: Annotated[
        str, typer.Option("--wording", metavar="ID", help="The learning point whose statement speaks for both.")
    ] = "",
    statement: Annotated[str, typer.Option("--statement", metavar="TEXT", help="Your own statement for both.")] = "",
    when: Annotated[str | None, typer.Option("--when", metavar="YYYY-MM-DD", help="The day, if not today.")] = None,
    file: Annotated[
        typer.FileBinaryRead | None,
        typer.Option(
            "--file",
            metavar="LIST.jsonl",
            help='A list, one object a line: "a", "b", "judgement", and "why", "by", "when", "wording" or "statement" '
            "if you like. All or none are written. - reads what is piped in.",
        ),
    ] = None,
) -> None:
    """Record what you decide of two learning points, or of a list of pairs."""
    typed = Typed()
    given = [word for word in (a, b, judgement) if word is not None]
    if file is not None or len(given) < 3:  # of one decision, all that is wrong with it is told below
        typed.day(when, "--when")
    if (file is None and len(given) < 3) or (file is not None and given):
        typed.wrong("Name two learning points and a judgement, or a list.", f"For example: {EXAMPLES['decide']}")
    typed.end_if_wrong()
    from pipeline.cli.recording import Asked, record_list, record_one

    if file is None:
        record_one(Asked(given[0], given[1], given[2], why, by or "", when or "", wording, statement))
    else:
        record_list(file, by or "", when or "")


def undo(
    a: Annotated[str | None, typer.Argument(metavar="A", help="To undo on one pair: a point or finding.")] = None,
    b: Annotated[str | None, typer.Argument(metavar="B", help="The other one.")] = None,
    by: By = None,
) -> None:
    """Take the last decision back, or the last on one pair. The log keeps both lines."""
    if (a is None) != (b is None):
        usage("One learning point is named.", "Name two, or none: roundtable undo")
    from pipeline.cli.recording import take_back

    take_back([name for name in (a, b) if name is not None], by or "")


def compare(
    a: Annotated[str | None, typer.Argument(metavar="TEXT", help="A text.")] = None,
    b: Annotated[str | None, typer.Argument(metavar="TEXT", help="Another text.")] = None,
    file: Annotated[
        typer.FileBinaryRead | None,
        typer.Option("--file", metavar="PAIRS.jsonl", help='Lines with "a" and "b". - reads what is piped in.'),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say of any two texts whether they would be merged, proposed to a person, or neither, and why."""
    if (file is None) == (a is None or b is None) or (file is not None and a is not None):
        usage("Two texts are wanted, or a file.", f"For example: {EXAMPLES['compare']}")
    from pipeline.cli.searching import compare_lines, compare_two

    if file is None:
        compare_two(a or "", b or "", as_json)
    else:
        compare_lines(file, as_json)
