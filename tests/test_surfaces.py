"""Every place of an output where words can stand: a name planted in each is found, and said to be there."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import struct
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage
from hashlib import sha256

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_cli import PILOT, files, roundtable

from pipeline.build import read_notes
from pipeline.model import Person
from pipeline.names import gate
from pipeline.names.finder import Finder
from pipeline.proofs.surfaces import PNG, Room, TooMuchError, surfaces
from pipeline.workspace import read_sources

ROOM = (Person("Jane Zwolinska", "The Quillfeather Trust", "JZ"),)
NAME = "Jane Zwolinska"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The real report, in every form."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(PILOT / "sources", project / "sources")
    done = roundtable(project, "build", "--plain")
    assert done.returncode == 0, done.stdout + done.stderr
    return files(project)


def told(outputs: dict[str, bytes]) -> list[str]:
    """What the gate says of these outputs."""
    reading = read_notes(read_sources(PILOT).files)
    assert reading.notes is not None
    return [remark.sentence for remark in gate(outputs, ROOM, reading.notes, reading.texts)]


def test_the_real_report_names_nobody(outputs: dict[str, bytes]) -> None:
    assert told(outputs) == []


def test_the_identifier_of_a_pdf_is_not_read_as_a_sentence(outputs: dict[str, bytes]) -> None:
    """It is sixteen bytes by chance, and what looks like an address in it is none."""
    signs = "@Eae 07700 900123"
    assert told({"report.pdf": identifier(signs)(outputs["report.pdf"])}) == []
    assert len(told({"report.pdf": in_pdf(keywords(signs))(outputs["report.pdf"])})) == 2


SHORT = ("Wei Li", "Mei Ng", "Yo-Yo Ma", "Ayşe Öz", "Anu Rao", "Bo Xu", "Kim Oh")


def by_chance(chance: bytes, pdf: bytes) -> dict[str, bytes]:
    """Files with these sixteen bytes where a format has bytes by chance: identifiers, digests, and their copies."""
    sign = b64encode(chance).decode()
    raw = re.sub(rb"([\\()\r])", rb"\\\1", chance)
    style = f"a {{ content: '{chance.hex()}' }}"
    digest = b64encode(sha256(style.encode()).digest()).decode()
    head = f"<meta http-equiv='Content-Security-Policy' content=\"style-src 'sha256-{digest}'; x\">"
    pdf = re.sub(rb"/ID\s*\[[^\]]*\]", lambda _: b"/ID [(" + sign.encode() + b") (" + raw + b")]", pdf)
    return {
        "x.pdf": pdf.replace(b"=" * 24, sign.encode()),
        "x.html": f"<!doctype html><html><head>{head}<style>{style}</style></head></html>".encode(),
        "x.json": json.dumps({"x": sha256(chance).hexdigest()}).encode(),
        "x.txt": sha256(chance).hexdigest().encode(),
    }


def test_what_is_in_a_file_by_chance_names_nobody() -> None:
    """Three hundred of each: no short name and no initials are read out of them."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    xmp = f'<x xmlns:m="http://ns.adobe.com/xap/1.0/mm/"><m:InstanceID>{"=" * 24}</m:InstanceID></x>'
    pdf.Root.Metadata = pdf.make_stream(xmp.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    written = io.BytesIO()
    pdf.save(written, compress_streams=False, fix_metadata_version=False)
    assert b"=" * 24 in written.getvalue()
    names = (
        *SHORT,
        *(f"Bo {name}" for name in ("Abad", "Bede", "Cade", "Dade", "Lee", "Kay", "Roy", "Lam", "Oz", "Wu")),
    )
    initials = tuple(Person("Zyxq", "", one + two) for one in "AEIJLNORST" for two in "ABDEFHJKLMSW")
    finder = Finder((*map(Person, names), *initials))
    for number in range(300):
        files = by_chance(sha256(str(number).encode()).digest()[:16], written.getvalue())
        found = [(one.where, other.words) for one in surfaces(files) for other in finder.find(one.text, one.prose)]
        assert found == [], number
    named = by_chance(b"Zwolinska, Jane ", written.getvalue())
    assert told({"x.pdf": named["x.pdf"]})


def test_a_short_surname_is_not_read_out_of_the_bytes_of_fonts_and_pictures(outputs: dict[str, bytes]) -> None:
    reading = read_notes(read_sources(PILOT).files)
    assert reading.notes is not None
    room = tuple(map(Person, SHORT))
    assert gate(outputs, room, reading.notes, reading.texts) == ()
    page = outputs["report.html"]
    for name in SHORT:
        named = {"report.html": page.replace(b"</style>", f"/* {name.split()[-1]} */</style>".encode(), 1)}
        assert gate(named, room, reading.notes, reading.texts), name


# --- how a name is planted --------------------------------------------------------------------------------


def in_part(part: str, old: str, new: str) -> Callable[[bytes], bytes]:
    """Change the first such words of a part of a Word file."""

    def plant(data: bytes) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
            for name in before.namelist():
                content = before.read(name)
                if re.fullmatch(part, name) and new:
                    changed = re.sub(old, lambda _: new, content.decode(), count=1, flags=re.S)
                    assert changed != content.decode(), name
                    content = changed.encode()
                after.writestr(name, content)
        return packed.getvalue()

    return plant


def with_part(part: str, content: str | bytes) -> Callable[[bytes], bytes]:
    """Put a part into a zip."""

    def plant(data: bytes) -> bytes:
        packed = io.BytesIO(data)
        with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as after:
            after.writestr(part, content)
        return packed.getvalue()

    return plant


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    """Change the first such words of a text."""

    def plant(data: bytes) -> bytes:
        changed = re.sub(old, lambda _: new, data.decode(), count=1, flags=re.S)
        assert changed.encode() != data
        return changed.encode()

    return plant


def in_pdf(change: Callable[[pikepdf.Pdf], None], **how: object) -> Callable[[bytes], bytes]:
    def plant(data: bytes) -> bytes:
        written = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            change(pdf)
            pdf.save(written, **how)
        return written.getvalue()

    return plant


def chunk(kind: bytes, content: bytes) -> Callable[[bytes], bytes]:
    """Put a chunk into a PNG, after its head."""
    packed = struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", zlib.crc32(kind + content))

    def plant(data: bytes) -> bytes:
        assert data.startswith(PNG)
        return data[:33] + packed + data[33:]

    return plant


def mail(change: Callable[[EmailMessage], None]) -> Callable[[bytes], bytes]:
    def plant(data: bytes) -> bytes:
        message = EmailMessage()
        message["Subject"], message["Bcc"] = "The report", f"{NAME} <jz@example.org>"
        message.set_content("Dear all")
        message.add_alternative("<p>Dear all</p>", subtype="html")
        change(message)
        return bytes(message)

    return plant


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RUN = "<w:r><w:t>Jane </w:t></w:r><w:r><w:t>Zwol</w:t></w:r><w:r><w:softHyphen/><w:t>inska</w:t></w:r>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><text><tspan>Jane</tspan><tspan>Zwolinska</tspan></text></svg>'

SPELLED = "%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%3E%3Ctitle%3EJane%20Zwolinska%3C/title%3E%3C/svg%3E"


def note(pdf: pikepdf.Pdf) -> None:
    one = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Contents=pikepdf.String(NAME))
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(one)]))


def address(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org/jane-zwolinska"))
    one = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(one)]))


def author(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Author"] = "Jané Zwolińska"


def keywords(signs: str) -> Callable[[pikepdf.Pdf], None]:
    def put(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Keywords"] = signs

    return put


def identifier(signs: str) -> Callable[[bytes], bytes]:
    """Put signs into both strings of the identifier of a PDF."""

    def plant(data: bytes) -> bytes:
        planted = re.sub(rb"/ID\s*\[[^\]]*\]", f"/ID [({signs}) ({signs})]".encode(), in_pdf(keywords(""))(data))
        assert planted.count(signs.encode()) == 2
        return planted

    return plant


def metadata(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as xmp:
        xmp["dc:contributor"] = {NAME}


def bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(f"What {NAME} said (at length)", 0))


def alternative(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K[0 if isinstance(pdf.Root.StructTreeRoot.K, pikepdf.Array) else "/K"]
    pdf.Root.StructTreeRoot.Alt = pikepdf.String(f"A picture of {NAME}")


def painted(pdf: pikepdf.Pdf) -> None:
    content = b"/Span <</ActualText (Jane Zwolinska)>> BDC EMC"
    pdf.pages[0].contents_add(pdf.make_stream(content))


def place(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Dests = pikepdf.Dictionary({"/Jane#Zwolinska": pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])})


def attached_name(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["jane_zwolinska.txt"] = b"nobody"


def attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.docx"] = packed_docx()


def packed_docx() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        after.writestr("[Content_Types].xml", "<Types/>")
        after.writestr("word/document.xml", f"<w:document {W}><w:body><w:p>{RUN}</w:p></w:body></w:document>")
    return packed.getvalue()


def in_root(key: str, make: Callable[[pikepdf.Pdf], object]) -> Callable[[bytes], bytes]:
    """Put a value into the catalogue of a PDF."""

    def put(pdf: pikepdf.Pdf) -> None:
        pdf.Root[key] = make(pdf)

    return in_pdf(put)


def attached_without_a_type(**more: object) -> Callable[[bytes], bytes]:
    """Attach a file whose stream does not say that it is one (ISO 32000-1, 7.11.4: the type is optional)."""

    def file(pdf: pikepdf.Pdf) -> object:
        stream = pdf.make_stream(f"by {NAME}".encode())
        for key, value in more.items():
            stream[f"/{key}"] = value
        return pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(EF=pikepdf.Dictionary(F=stream)))])

    return in_root("/AF", file)


def looks(pdf: pikepdf.Pdf) -> None:
    """Put a stamp on a page that shows the name."""
    form = pdf.make_stream(b"BT /F1 9 Tf [(Jane Zwo) 3 (linska)] TJ ET")
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    one = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, AP=pikepdf.Dictionary(N=form))
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(one)]))


def with_a_field(name: bytes, local: bytes, field: bytes = b"") -> bytes:
    """A zip whose entry has another name before its bytes, or a field beside its name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as after:
        entry = zipfile.ZipInfo(name.decode())
        entry.extra = struct.pack("<HH", 0xCAFE, len(field)) + field if field else b""
        after.writestr(entry, b" x")
    return packed.getvalue().replace(name, local, 1)


def sent(head: str, body: str = "x") -> Callable[[bytes], bytes]:
    """A mail as it is written, with this head and body."""
    return lambda _: f"Subject: x\r\n{head}\r\n\r\n{body}\r\n".encode()


def same(data: bytes) -> bytes:
    return data


P = r"</w:p>"
PLANTED: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "a file's name": ("Jane Zwolinska.txt", same, "the name of Jane Zwolinska.txt"),
    "Word: body": ("report.docx", in_part("word/document.xml", P, f"{RUN}</w:p>"), "the body of"),
    "Word: footnotes": ("report.docx", in_part("word/footnotes.xml", P, f"{RUN}</w:p>"), "the footnotes of"),
    "Word: endnotes": (
        "report.docx",
        with_part("word/endnotes.xml", f"<w:endnotes {W}><w:endnote><w:p>{RUN}</w:p></w:endnote></w:endnotes>"),
        "the endnotes of",
    ),
    "Word: header": ("report.docx", in_part("word/header.xml", P, f"{RUN}</w:p>"), "a header of"),
    "Word: footer": ("report.docx", in_part("word/footer.xml", P, f"{RUN}</w:p>"), "a footer of"),
    "Word: comments": (
        "report.docx",
        with_part("word/comments.xml", f"<w:comments {W}><w:comment><w:p>{RUN}</w:p></w:comment></w:comments>"),
        "the comments of",
    ),
    "Word: a comment's author": (
        "report.docx",
        with_part("word/comments.xml", f'<w:comments {W}><w:comment w:author="J. Zwolinska"/></w:comments>'),
        "the authors of changes and comments of",
    ),
    "Word: a comment's initials": (
        "report.docx",
        with_part("word/comments.xml", f'<w:comments {W}><w:comment w:initials="JZ"/></w:comments>'),
        "the authors of changes and comments of",
    ),
    "Word: a change's author": (
        "report.docx",
        in_part("word/document.xml", P, f'<w:ins w:author="{NAME}"><w:r><w:t>x</w:t></w:r></w:ins></w:p>'),
        "the authors of changes and comments of",
    ),
    "Word: deleted words": (
        "report.docx",
        in_part("word/document.xml", P, f"<w:del><w:r><w:delText>{NAME}</w:delText></w:r></w:del></w:p>"),
        "the deleted words of the body of",
    ),
    "Word: people": (
        "report.docx",
        with_part(
            "word/people.xml",
            '<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
            f'<w15:person w15:author="{NAME}"/></w15:people>',
        ),
        "the list of people of",
    ),
    "Word: core properties": (
        "report.docx",
        in_part("docProps/core.xml", "(?=</cp:coreProp)", f"<cp:lastModifiedBy>{NAME}</cp:lastModifiedBy>"),
        "the properties of report.docx",
    ),
    "Word: app properties": (
        "report.docx",
        in_part("docProps/app.xml", "</Properties>", f"<Manager>{NAME}</Manager></Properties>"),
        "the properties of the program of",
    ),
    "Word: custom properties": (
        "report.docx",
        with_part("docProps/custom.xml", f"<Properties><property><lpwstr>{NAME}</lpwstr></property></Properties>"),
        "the custom properties of",
    ),
    "Word: alternative text": (
        "report.docx",
        in_part("word/document.xml", 'descr="', f'descr="{NAME}: '),
        "the alternative texts of",
    ),
    "Word: bookmark": (
        "report.docx",
        in_part("word/document.xml", P, '<w:bookmarkStart w:id="9999" w:name="Jane_Zwolinska"/></w:p>'),
        "the bookmarks of",
    ),
    "Word: field": (
        "report.docx",
        in_part(
            "word/document.xml", f"(?={P})", "<w:instrText>Jane </w:instrText><w:instrText>Zwolinska</w:instrText>"
        ),
        "the field instructions of",
    ),
    "Word: link": (
        "report.docx",
        in_part("word/_rels/document.xml.rels", "(?=</Rel)", '<Relationship Target="mailto:jane.zwolinska@x.org"/>'),
        "the link addresses of",
    ),
    "Word: settings": (
        "report.docx",
        in_part("word/settings.xml", "(?=</w:settings>)", f'<w:docVar w:name="by" w:val="{NAME}"/>'),
        "the markup of the settings of",
    ),
    "Word: text box": (
        "report.docx",
        in_part("word/document.xml", f"(?={P})", f"<w:txbxContent><w:p>{RUN}</w:p></w:txbxContent>"),
        "the body of",
    ),
    "Word: figure": (
        "report.docx",
        with_part("word/media/z.svg", SVG),
        "the text in the picture or file word/media/z.svg of",
    ),
    "Word: a part's name": ("report.docx", with_part("word/jane-zwolinska.bin", b"x"), "the names of the parts of"),
    "Word: data": (
        "report.docx",
        with_part("customXml/item9.xml", f"<x><y>{NAME}</y></x>"),
        "the data beside the text of",
    ),
    "Word: a comment in the markup": (
        "report.docx",
        in_part("word/document.xml", "<w:body>", f"<w:body><!-- {NAME} -->"),
        "the markup of the body of",
    ),
    "Word: theme": (
        "report.docx",
        in_part("word/theme/theme1.xml", r'name="[^"]*"', f'name="{NAME}"'),
        "the part word/theme/theme1.xml of",
    ),
    "Word: a variable's name": (
        "report.docx",
        in_part("word/settings.xml", "(?=</w:settings>)", '<w:docVar w:name="JaneZwolinska" w:val="1"/>'),
        "the markup of the settings of",
    ),
    "Word: a style's name": (
        "report.docx",
        in_part("word/styles.xml", '<w:name w:val="[^"]*"', f'<w:name w:val="{NAME}"'),
        "the markup of the styles of",
    ),
    "Word: a control's tag": (
        "report.docx",
        in_part(
            "word/document.xml", "<w:body>", '<w:body><w:sdt><w:sdtPr><w:tag w:val="JaneZwolinska"/></w:sdtPr></w:sdt>'
        ),
        "the markup of the body of",
    ),
    "Word: a picture's name": (
        "report.docx",
        in_part("word/header.xml", P, f'<w:r><wp:docPr xmlns:wp="x" id="1" name="{NAME}"/></w:r></w:p>'),
        "the markup of a header of",
    ),
    "Word: kinds of parts": (
        "report.docx",
        in_part(r"\[Content_Types\].xml", "(?=</Types>)", '<Override PartName="/word/jane-zwolinska.xml"/>'),
        "the part [Content_Types].xml of",
    ),
    "Word: a text that calls itself a font": (
        "report.docx",
        with_part("word/fonts/x.ttf", f"true, {NAME}"),
        "the picture or file word/fonts/x.ttf of",
    ),
    "Word: a text that calls itself a hidden font": (
        "report.docx",
        with_part("word/fonts/x.odttf", f"{'x' * 40} {NAME}"),
        "the picture or file word/fonts/x.odttf of",
    ),
    "Word: a tag of one's own": (
        "report.docx",
        with_part("customXml/item9.xml", "<x><JaneZwolinska/></x>"),
        "the data beside the text of",
    ),
    "Word: an attribute of one's own": (
        "report.docx",
        with_part("customXml/item9.xml", '<x Jane_Zwolinska="1"/>'),
        "the data beside the text of",
    ),
    "Word: a namespace": (
        "report.docx",
        in_part("word/document.xml", "<w:body>", '<w:body><w:p xmlns:q="urn:jane-zwolinska"><q:x/></w:p>'),
        "the markup of the body of",
    ),
    "Word: an entity": (
        "report.docx",
        with_part("customXml/item9.xml", '<!DOCTYPE x [<!ENTITY a "Zwol"><!ENTITY b "inska">]><x>&a;&b;</x>'),
        "the data beside the text of",
    ),
    "Word: text of a drawing": (
        "report.docx",
        in_part("word/document.xml", P, '<q:p xmlns:q="x"><q:t>Jane Zwo</q:t><q:t>linska</q:t></q:p></w:p>'),
        "the body of",
    ),
    "Word: after its end": ("report.docx", lambda data: data + f" {NAME} ".encode(), "report.docx"),
    "PDF: page": ("report.pdf", same, "the body of"),  # replaced below, where the page is made
    "PDF: a note": ("report.pdf", in_pdf(note), "the notes on the pages of"),
    "PDF: a link": ("report.pdf", in_pdf(address), "the link addresses of"),
    "PDF: author": ("report.pdf", in_pdf(author), "the properties of"),
    "PDF: XMP": ("report.pdf", in_pdf(metadata), "the metadata of"),
    "PDF: bookmark": ("report.pdf", in_pdf(bookmark), "the bookmarks and properties of"),
    "PDF: alternative": ("report.pdf", in_pdf(alternative), "the alternative texts of"),
    "PDF: actual text in a page": ("report.pdf", in_pdf(painted), "the alternative texts of"),
    "PDF: named place": ("report.pdf", in_pdf(place), "the names inside of"),
    "PDF: an attachment's name": ("report.pdf", in_pdf(attached_name), "the names of the attachments of"),
    "PDF: an attachment": ("report.pdf", in_pdf(attached), "the body in a file attached of"),
    "PDF: packed objects": (
        "report.pdf",
        in_pdf(author, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "the properties of",
    ),
    "PDF: locked": (
        "report.pdf",
        in_pdf(author, encryption=pikepdf.Encryption(owner="x", user="")),
        "the properties of",
    ),
    "PDF: identifier": ("report.pdf", identifier(NAME), "the names inside of"),
    "PDF: an attachment without a type": ("report.pdf", attached_without_a_type(), "a file or script inside of"),
    "PDF: an attachment with a kind": (
        "report.pdf",
        attached_without_a_type(Subtype=pikepdf.Name("/text/plain")),
        "a file or script inside of",
    ),
    "PDF: a script": (
        "report.pdf",
        in_root("/OpenAction", lambda pdf: pikepdf.Dictionary(JS=pdf.make_stream(f"alert('{NAME}')".encode()))),
        "a file or script inside of",
    ),
    "PDF: what a stamp shows": ("report.pdf", in_pdf(looks), "the alternative texts of"),
    "PDF: structure": (
        "report.pdf",
        in_root("/X", lambda _: pikepdf.Dictionary(A=pikepdf.Dictionary(Summary=pikepdf.String(NAME)))),
        "the strings inside of",
    ),
    "PDF: a layer": (
        "report.pdf",
        in_root(
            "/X", lambda pdf: pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String(NAME)))
        ),
        "the strings inside of",
    ),
    "PDF: page labels": (
        "report.pdf",
        in_root("/PageLabels", lambda _: pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(P=pikepdf.String(NAME))])),
        "the strings inside of",
    ),
    "PDF: a font's name": (
        "report.pdf",
        in_root("/X", lambda _: pikepdf.Name("/ABCDEF+JaneZwolinska")),
        "the names inside of",
    ),
    "PDF: a comment": (
        "report.pdf",
        lambda data: data.replace(b"%%EOF", f"% {NAME}\n%%EOF".encode()),
        "the names inside of",
    ),
    "PDF: after its end": ("report.pdf", lambda data: data + NAME.encode(), "the names inside of"),
    "PDF: before its start": ("report.pdf", lambda data: f"{NAME}\n".encode() + data, "the names inside of"),
    "HTML: text": ("report.html", replaced("</p>", " Jane <b>Zwol</b>inska</p>"), "the body of"),
    "HTML: entities": ("report.html", replaced("</p>", " J&#97;ne&nbsp;Zwol&shy;i&#x144;ska</p>"), "the body of"),
    "HTML: comment": ("report.html", replaced("</p>", f"</p><!-- by {NAME} -->"), "the comments of"),
    "HTML: comment before all": ("report.html", replaced("<html", f"<!-- by {NAME} --><html"), "the comments of"),
    "HTML: alternative": ("report.html", replaced("</p>", f'</p><img alt="{NAME}">'), "the alternative texts of"),
    "HTML: attribute": ("report.html", replaced("<p", f'<p data-by="{NAME}"'), "the markup of"),
    "HTML: meta": (
        "report.html",
        replaced("</head>", f'<meta name="author" content="{NAME}"></head>'),
        "the properties of",
    ),
    "HTML: script": ("report.html", replaced("</head>", f"<script>// {NAME}</script></head>"), "the scripts of"),
    "HTML: style": ("report.html", replaced("</style>", f"/* {NAME} */</style>"), "the styles of"),
    "HTML: style that calls it a font": (
        "report.html",
        replaced("</style>", f"a {{ src: url(data:font/woff2;base64,{b64encode(NAME.encode()).decode()}) }}</style>"),
        "a picture or file inside of",
    ),
    "HTML: style that calls it a font, unpacked": (
        "report.html",
        replaced("</style>", "a { src: url(data:font/woff2;base64,JaneZwolinska) }</style>"),
        "the styles of",
    ),
    "HTML: link": (
        "report.html",
        replaced("</p>", '<a href="mailto:jane.zwolinska@x.org">x</a></p>'),
        "the link addresses of",
    ),
    "HTML: picture": (
        "report.html",
        replaced("</p>", f'<img src="data:image/svg+xml;base64,{b64encode(SVG.encode()).decode()}"></p>'),
        "the text in a picture or file inside of",
    ),
    "HTML: picture spelled out": (
        "report.html",
        replaced("</p>", f"<img src='data:image/svg+xml,{SPELLED}'></p>"),
        "the text in a picture or file inside of",
    ),
    "HTML: JSON-LD": (
        "report.html",
        replaced("</head>", '<script type="application/ld+json">{"by": "Jane Zwoli\\u006eska"}</script></head>'),
        "the scripts of",
    ),
    "HTML: a script in pieces": (
        "report.html",
        replaced("</head>", '<script>x = "Zw\\x6fl" + "inska"</script></head>'),
        "the scripts of",
    ),
    "HTML: text of a style": (
        "report.html",
        replaced("</style>", 'a::after { content: "Zw\\6f l" "inska" }</style>'),
        "the styles of",
    ),
    "HTML: a script in an attribute": (
        "report.html",
        replaced("</p>", "<i onclick='\"Zwol\\x69nska\"'></i></p>"),
        "the markup of",
    ),
    "HTML: an element's name": (
        "report.html",
        replaced("</p>", "<jane-zwolinska></jane-zwolinska></p>"),
        "the markup of",
    ),
    "HTML: an attribute's name": ("report.html", replaced("</p>", "<i data-jane-zwolinska></i></p>"), "the markup of"),
    "HTML: a page in an attribute": (
        "report.html",
        replaced("</p>", "<iframe srcdoc='&lt;p&gt;Zwol&lt;b&gt;inska'></iframe></p>"),
        "the body in a page inside of",
    ),
    "HTML: what it is": (
        "report.html",
        replaced("(?i)<!doctype html>", f'<!DOCTYPE html SYSTEM "{NAME}">'),
        "the comments of",
    ),
    "HTML: after its end": ("report.html", lambda data: data + NAME.encode(), "the body of"),
    "HTML: picture over lines": (
        "report.html",
        replaced("</p>", f'<img src=" DATA:image/svg+xml;base64,{" ".join(b64encode(SVG.encode()).decode())}"></p>'),
        "the text in a picture or file inside of",
    ),
    "HTML: picture at the end of a long attribute": (
        "report.html",
        replaced(
            "</p>",
            f'<i style="{"a" * 1100}: url(data:image/svg+xml;base64,{b64encode(SVG.encode()).decode()})"></i></p>',
        ),
        "the text in a picture or file inside of",
    ),
    "JSON: a text": ("findings.json", replaced('"statement": "', f'"statement": "{NAME} '), "findings.json"),
    "JSON: a key": ("findings.json", replaced('"statement":', f'"{NAME}":'), "findings.json"),
    "JSON: escaped": (
        "findings.json",
        replaced('"statement": "', '"statement": "Jane Zwoli\\u0144ska '),
        "findings.json",
    ),
    "JSON: a key twice": ("findings.json", lambda _: b'{"a": "Jane Zwolinska", "a": ""}', "findings.json"),
    "JSON: by lines": ("x.jsonl", lambda _: b'{"a": "Jane Zwoli\\u006eska"}\n{}\n', "x.jsonl"),
    "JSON: with tags": ("findings.json", lambda _: b'["Jane Zwo<b>linska</b>"]', "findings.json"),
    "SVG: text": ("reinvestment.svg", replaced("</svg>", SVG + "</svg>"), "the text of"),
    "SVG: title": ("reinvestment.svg", replaced("</svg>", f"<title>{NAME}</title></svg>"), "the text of"),
    "SVG: metadata": (
        "reinvestment.svg",
        replaced("</svg>", f"<metadata><a>{NAME}</a></metadata></svg>"),
        "the text of",
    ),
    "SVG: comment": ("reinvestment.svg", replaced("</svg>", f"<!-- {NAME} --></svg>"), "the comments and styles of"),
    "SVG: attribute": ("reinvestment.svg", replaced("<g", '<g id="JaneZwolinska"'), "the markup of"),
    "SVG: text of another kind": (
        "reinvestment.svg",
        replaced("</svg>", '<foreignObject><p xmlns="x">Jane Zwol<b>inska</b></p></foreignObject></svg>'),
        "the text of",
    ),
    "SVG: an element's name": ("reinvestment.svg", replaced("</svg>", "<jane-zwolinska/></svg>"), "the markup of"),
    "SVG: text of a style": (
        "reinvestment.svg",
        replaced("</svg>", '<style>a { content: "Zw\\6f linska" }</style></svg>'),
        "the comments and styles of",
    ),
    "PNG: text in UTF-8": (
        "reinvestment.png",
        chunk(b"tEXt", "Author\0Jané Zwolińska".encode()),
        "the hidden texts of",
    ),
    "PNG: text": ("reinvestment.png", chunk(b"tEXt", b"Author\0Jane Zwolinska"), "the hidden texts of"),
    "PNG: packed text": (
        "reinvestment.png",
        chunk(b"zTXt", b"Author\0\0" + zlib.compress(b"Jane Zwolinska")),
        "the hidden texts of",
    ),
    "PNG: international text": (
        "reinvestment.png",
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"<x>Jane Zwolinska</x>")),
        "the hidden texts of",
    ),
    "PNG: EXIF": ("reinvestment.png", chunk(b"eXIf", b"MM\0*\0\0\0\x08Jane Zwolinska\0"), "the hidden texts of"),
    "PNG: after its end": ("reinvestment.png", lambda data: data + NAME.encode(), "the hidden texts of"),
    "plain text": ("report.txt", lambda data: data + NAME.encode(), "report.txt"),
    "plain text in UTF-16": ("report.txt", lambda data: (data.decode() + NAME).encode("utf-16"), "report.txt"),
    "the page of rules": ("accessibility.txt", lambda data: data + NAME.encode(), "accessibility.txt"),
    "the manifest": ("manifest.json", replaced('"sources": {', f'"sources": {{"x/{NAME}": "",'), "manifest.json"),
    "an unknown file": ("x.bin", lambda _: b"\0\1\xff" + NAME.encode() + b"\0", "x.bin"),
    "an unknown file in UTF-16": ("x.bin", lambda _: b"\0\1\xff\xfe\0" + NAME.encode("utf-16-le"), "x.bin"),
    "a broken Word file": ("x.docx", lambda _: b"PK\3\4 broken " + NAME.encode(), "x.docx"),
    "a broken PDF": ("x.pdf", lambda _: b"%PDF-1.7 broken " + NAME.encode(), "x.pdf"),
    "a zip": ("x.zip", lambda _: with_part("a/b.txt", NAME)(with_part("c", b"")(b"")), "the part a/b.txt of"),
    "a zip's comment": (
        "x.zip",
        lambda _: with_part("c", b"")(b"")[:-2] + b"\x0e\0" + NAME.encode(),
        "the comments of",
    ),
    "a zip's other name": ("x.zip", lambda _: with_a_field(b"nobody+nowhere", b"Jane Zwolinska"), "x.zip"),
    "a zip's field": ("x.zip", lambda _: with_a_field(b"a", b"a", NAME.encode()), "x.zip"),
    "before a zip": ("x.zip", lambda _: NAME.encode() + with_a_field(b"a", b"a"), "x.zip"),
    "what is packed by gzip": ("x.svgz", lambda _: gzip.compress(SVG.encode()), "the text in what is packed of"),
    "mail: a header's name": ("x.eml", sent("X-Jane-Zwolinska: 1"), "the headers of"),
    "mail: a comment in a header": (
        "x.eml",
        sent(f"Date: Mon, 1 Jan 2024 00:00:00 +0000 ({NAME})"),
        "the headers of",
    ),
    "mail: what parts its parts": (
        "x.eml",
        sent(
            'Content-Type: multipart/mixed; boundary="=Jane_Zwolinska"',
            "--=Jane_Zwolinska\r\n\r\nx\r\n--=Jane_Zwolinska--",
        ),
        "the headers of",
    ),
    "mail: around its parts": (
        "x.eml",
        sent('Content-Type: multipart/mixed; boundary="=b"', f"--=b\r\n\r\nx\r\n--=b--\r\n{NAME}"),
        "the words around its parts of",
    ),
    "mail: around the parts of a part": (
        "x.eml",
        sent(
            'Content-Type: multipart/mixed; boundary="=b"',
            f'--=b\r\nContent-Type: multipart/mixed; boundary="=c"\r\n\r\n{NAME}\r\n--=c\r\n\r\nx\r\n--=c--\r\n--=b--',
        ),
        "the words around its parts of",
    ),
    "mail: a picture's sign": (
        "x.eml",
        mail(lambda one: one.get_payload(1).add_related(b"x", "image", "png", cid="<jane.zwolinska@x>")),
        "the headers of its parts of",
    ),
    "mail: a name in pieces": (
        "x.eml",
        sent("Content-Type: a/b; name*0*=utf-8''Jane%20Zwo; name*1=\"linska.bin\""),
        "the names of the attachments of",
    ),
    "mail: text in odd lines": (
        "x.eml",
        sent(
            "Content-Transfer-Encoding: base64",
            "\r\n".join(re.findall("..?.?", b64encode(f"by {NAME}".encode()).decode())),
        ),
        "the plain text of",
    ),
    "mail: an encoding that nobody knows": (
        "x.eml",
        sent("Content-Type: text/plain; charset=x-none", NAME),
        "the plain text of",
    ),
    "mail: what is uuencoded": (
        "x.eml",
        sent("Content-Transfer-Encoding: x-uuencode", f"begin 644 {NAME}\r\n#0V%T\r\n`\r\nend"),
        "the headers of",
    ),
    "mail: subject": (
        "x.eml",
        mail(lambda one: one.replace_header("Subject", "From Jané Zwolińska")),
        "the headers of",
    ),
    "mail: message's sign": (
        "x.eml",
        mail(lambda one: one.add_header("Message-ID", "<jane.zwolinska@report.example.org>")),
        "the headers of",
    ),
    "mail: header": ("x.eml", mail(lambda one: one.add_header("Comments", f"from {NAME}")), "the headers of"),
    "mail: text": (
        "x.eml",
        mail(lambda one: one.get_payload(0).set_content(f"Dear {NAME}", cte="base64")),
        "the plain text of",
    ),
    "mail: HTML": (
        "x.eml",
        mail(lambda one: one.get_payload(1).set_content(f"<p>{NAME}</p>", subtype="html", cte="quoted-printable")),
        "the body in the html text of",
    ),
    "mail: an attachment's name": (
        "x.eml",
        mail(lambda one: one.add_attachment(b"x", "a", "b", filename="Jané Zwolińska.bin")),
        "the names of the attachments of",
    ),
    "mail: an attachment": (
        "x.eml",
        mail(lambda one: one.add_attachment(packed_docx(), "a", "b", filename="a.docx")),
        "the body in the attachment a.docx of",
    ),
}


def a_page() -> bytes:
    """A PDF with a page that says the name."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    lines = b"BT /F1 12 Tf 50 700 Td [(Ja) -20 (ne)] TJ 0 -14 Td (Zwolinska) Tj ET"
    pdf.pages[0].Contents = pdf.make_stream(lines)
    written = io.BytesIO()
    pdf.save(written)
    return written.getvalue()


PLANTED["PDF: page"] = ("report.pdf", lambda _: a_page(), "the body of")


@pytest.mark.parametrize("planted", PLANTED)
def test_a_name_planted_anywhere_is_found_and_said_to_be_there(planted: str, outputs: dict[str, bytes]) -> None:
    file, plant, where = PLANTED[planted]
    (sentence, *others) = told({file: plant(outputs.get(file, b""))})
    assert not others
    assert f"in {where}" in sentence, sentence
    assert file in sentence


def test_who_a_mail_goes_to_is_not_named_by_it() -> None:
    assert told({"x.eml": mail(lambda one: one.add_header("Message-ID", "<1.0@report.example.org>"))(b"")}) == []


def test_a_name_does_not_reach_from_one_piece_of_a_text_to_the_next() -> None:
    pieces = {
        "x.html": b"<p>Jan</p><p>e Zwolinski</p>",
        "x.json": json.dumps(["Jan", {"e Zwol": "inska"}]).encode(),
    }
    assert told(pieces) == []


ENDINGS = ("", ".pdf", ".docx", ".html", ".json", ".svg", ".png", ".eml", ".txt")


@given(st.binary(max_size=400), st.sampled_from(ENDINGS))
def test_no_bytes_stop_the_search(data: bytes, ending: str) -> None:
    heads = {".pdf": b"%PDF-", ".docx": b"PK\3\4", ".png": PNG, ".svg": b"<svg>"}
    list(surfaces({f"x{ending}": heads.get(ending, b"") + data}))


def test_more_than_can_be_looked_through_is_said_and_not_looked_through() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"\0" * 1000)
    huge = bomb.getvalue().replace(struct.pack("<I", 1000), struct.pack("<I", 2**31 - 1))
    (sentence,) = told({"x.docx": huge})
    assert sentence == "“x.docx” holds too much to be looked through for names"
    inner = b"x"
    for _ in range(20):
        inner = with_part("a.zip", inner)(b"")
    with pytest.raises(TooMuchError):
        list(surfaces({"x.zip": inner}))
    with pytest.raises(TooMuchError):
        Room("x", size=3).take(4)
