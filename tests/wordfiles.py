"""Word files made by hand for the tests: the parts as XML, packed; nothing but what a test needs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def relations(**targets: str) -> str:
    """Return the relations of a part: by id the kind and the target, ``header header1.xml``."""
    made = []
    for id, said in targets.items():
        kind, _, target = said.partition(" ")
        mode = ' TargetMode="External"' if "://" in target or target.startswith("mailto:") else ""
        made.append(f'<Relationship Id="{id}" Type="{R}/{kind}" Target="{target}"{mode}/>')
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{"".join(made)}</Relationships>'


def part(root: str, inner: str) -> str:
    """Return a part with this root."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {SPACES}>{inner}</w:{root}>'


def p(*inner: str, style: str = "", about: str = "") -> str:
    """Return a paragraph: of words, or of XML where a piece begins with ``<``."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(one if one.startswith("<") else r(one) for one in inner)
    return f"<w:p>{f'<w:pPr>{styled}{about}</w:pPr>' if styled or about else ''}{runs}</w:p>"


def r(text: str, about: str = "") -> str:
    """Return a run."""
    return f'<w:r>{f"<w:rPr>{about}</w:rPr>" if about else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def word(
    *body: str, parts: Mapping[str, str | bytes] | None = None, main: str = "", packed: int = zipfile.ZIP_DEFLATED,
    **links: str,
) -> bytes:  # fmt: skip
    """Return a Word file with this body; ``links`` are the relations of its main part, ``parts`` all other parts."""
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(rId1="officeDocument word/document.xml"),
        "word/document.xml": main or part("document", f"<w:body>{''.join(body)}</w:body>"),
        "word/_rels/document.xml.rels": relations(**links),
    }
    return packed_up({**files, **(parts or {})}, packed)


def packed_up(files: Mapping[str, str | bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packed) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, packed)
    return buffer.getvalue()
