"""What runs inside a child process: one drawing by Graphviz, one compile by Typst or one document read, no more.

``process`` starts this file by its path, with Python's own library and one folder of
packages in reach, so that a child is up in a few milliseconds whether or not the
project is installed. The working directory is private to the child. What it makes
it leaves there as ``result-0``, ``result-1`` and so on; what is wrong it says on standard
error, with an exit code that is not 0.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any


def graphviz(dpi: str, *formats: str) -> None:
    """Leave the DOT source of standard input as one picture per format; ``dpi`` is for PNG alone."""
    from pygraphviz import AGraph
    from pygraphviz.graphviz import gvContextWithBuiltins

    dot = sys.stdin.buffer.read().decode()
    # A context gives a node without a label its name as the label, but only in graphs read after it.
    gvContextWithBuiltins()

    def draw(picture: str) -> bytes:
        # Each format has a graph of its own: a layout leaves traces in the graph it was made for.
        graph = AGraph(string=dot)
        if picture.startswith("png"):
            graph.graph_attr["dpi"] = dpi
        drawn: bytes = graph.draw(format=picture, prog="dot")
        return drawn

    leave(draw(picture) for picture in formats)


def typst(picture: Any, ppi: str, timestamp: str, *pdf_standards: Any) -> None:
    """Leave the compile of ``root/main.typ``: a PDF, or a picture per page. A warning is a fault."""
    import typst as compiler

    try:
        made, warnings = compiler.compile_with_warnings(
            "root/main.typ",
            root="root",
            font_paths=["fonts"],
            ignore_system_fonts=True,
            format=picture,
            ppi=float(ppi),
            pdf_standards=list(pdf_standards),
            timestamp=int(timestamp),
            package_path="none",
            package_cache_path="none",
        )
    except compiler.TypstError as fault:
        sys.exit(fault.diagnostic or fault.message)
    if warnings:
        sys.exit("\n".join(warning.diagnostic or warning.message for warning in warnings))
    leave(made if isinstance(made, list) else [made])


def document(root: str) -> None:
    """Leave the document of standard input, read, as JSON; or why it was refused. Its name is in the file ``name``."""
    import json

    sys.path.insert(0, root)
    from pipeline.original import Refused, to_json
    from pipeline.readers.documents import read_document

    with open("name", encoding="utf-8", errors="surrogatepass", newline="") as file:
        name = file.read()
    try:
        made = to_json(read_document(name, sys.stdin.buffer.read()))
    except Refused as refused:
        made = json.dumps({"refused": [refused.sentence, refused.remedy]}).encode()
    leave([made])


def leave(results: Iterable[bytes]) -> None:
    """Write the results into the working directory, numbered from 0."""
    for number, result in enumerate(results):
        with open(f"result-{number}", "wb") as file:
            file.write(result)


if __name__ == "__main__":
    _, packages, work, *arguments = sys.argv
    sys.path.append(packages)
    works: dict[str, Callable[..., None]] = {"graphviz": graphviz, "typst": typst, "document": document}
    try:
        works[work](*arguments)
    except Exception as fault:
        sys.exit(f"{type(fault).__name__}: {fault}")
