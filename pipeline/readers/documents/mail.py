"""A mail as it was saved (.eml), to an ``Original``: its body, and the files that are attached to it.

The standard library parses it (RFC 5322, RFC 2045 to 2049, RFC 2231); what the body is in, text or a page, is read as
such files are. Nothing that the mail leads to is fetched.
"""

from __future__ import annotations

import email
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from pipeline.original import PERHAPS_SIGNED, Attached, Original, Passage, Refused, visible
from pipeline.readers.documents import plain, web
from pipeline.readers.documents.gathering import Gathered, shown
from pipeline.readers.documents.letters import clean
from pipeline.readers.text import OTHER_PROGRAMS

LARGEST = 60 * 2**20
"""How many bytes a mail may have: mail servers take some twenty-five million."""

MOST_PARTS = 100
"""How many parts a mail may be made of, and how often one may hold others; ten are many."""

MOST_NESTED = 40
"""How many parts of a mail may hold others: at each of its lines the library asks whether one of them ends."""

LONGEST_HEADER = 20_000
"""How many characters one line of a head may have; a mail to five hundred people has as many."""

LONGEST_NAME = 120

_HEADER = re.compile(rb"([!-9;-~]{1,80})[ \t]*:")
_OURS = frozenset((b"from", b"to", b"subject", b"date", b"cc", b"reply-to", b"sent"))
_TELLING = frozenset(
    (b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to", b"content-type", b"x-unsent")
)
_STOCK = re.compile(r"[\s.]*(?:this is an? (?:multi-?part|OpenPGP/MIME)[^.]*?mess?age[^.]*\.?)?[\s.]*", re.IGNORECASE)
_WROTE = re.compile(
    r"(?:On\b.{4,200}\bwrote|Am\b.{4,200}\bschrieb\b.{0,80}|Le\b.{4,200}\ba écrit)\s*:\s*"
    r"|-{2,}\s*(?:Original|Forwarded) Message\s*-{2,}.*|Begin forwarded message:|_{20,}",
    re.IGNORECASE | re.DOTALL,
)
_OUTLOOK = re.compile(r"From:\s*\S.*?(?:\n|\s)(?:Sent|Date|To|Subject):", re.DOTALL)
_QUOTED = re.compile(r"[ ]?((?:>[ ]?)+)")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>:\"|?*]")
_WORD = re.compile(r"\w+(?:[’'.,-]\w+)*")
_FAULTS = (MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
"""What the standard library raises, here and there, at a mail that is not built as mails are."""


def is_it(data: bytes) -> bool:
    """Return whether the bytes are a mail: headers stand at their start, some of them such as only mails have."""
    start = data[:16_384].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    names: set[bytes] = set()
    for index, line in enumerate(start.split(b"\n")):
        line = line.rstrip(b"\r")
        if index == 0 and line.startswith((b"From ", b">From ")):
            continue
        if not line:
            break
        if line[:1] in b" \t":
            continue
        found = _HEADER.match(line)
        if not found:
            return False
        names.add(found[1].lower())
    return (b"from" in names and len(names & _OURS) >= 2) or (bool(names & _TELLING) and len(names) >= 2)


def read(name: str, data: bytes) -> Original:
    """Return the document: the passages of the body, and what is attached, each with a name that is safe to use.

    Where the mail says the same as text and as a page, the text is read, and the words of the page alone are told.
    Raises ``Refused`` for what is no mail, or one that is encrypted, too large, or made of too many parts.
    """
    if data.startswith(OTHER_PROGRAMS) or not is_it(data):
        sentence = f"“{name}” is not a mail: it does not begin with From, To and Subject."
        raise Refused(sentence, "Save the mail as .eml, or its words as a Word document (.docx), and try again.")
    folded = data.lower()
    nested = folded.count(b"boundary") + folded.count(b"message/") + folded.count(b"multipart/digest")
    if len(data) > LARGEST or nested > MOST_NESTED:
        raise Refused(f"“{name}” is larger, or made of more parts, than any mail.", SAVE_APART)
    try:
        return _Mail(name).read(email.message_from_bytes(data, policy=policy.compat32))
    except _FAULTS as fault:
        raise Refused(f"“{name}” is not built as mails are, and could not be read.", SAVE_APART) from fault


SAVE_APART = "Open it in your mail program, save what is attached by itself, and copy the words into a Word document."


@dataclass(slots=True)
class _Mail:
    name: str
    gathered: Gathered = field(default_factory=Gathered)
    count: int = 0
    parts: int = 0
    broken: bool = False
    quoted: str = ""

    def read(self, message: Message) -> Original:
        gathered = self.gathered
        if any(len(str(value)) > LONGEST_HEADER for _, value in message.raw_items()):
            raise Refused(f"“{self.name}” has a longer head than any mail.", SAVE_APART)
        for key in ("from", "to", "date"):
            gathered.properties[key] = _header(message, key)
        when = _day(gathered.properties["date"])
        gathered.properties["date"] = when or gathered.properties["date"]
        subject = _header(message, "subject")
        gathered.properties["subject"] = subject
        if visible(subject):
            gathered.lose("header", "The subject of the mail is no part of its text.", "the head of the mail", subject)
            self.count += visible(subject)
        self._part(message, inside="")
        if visible(self.quoted):
            sentence = "The signs (>) before the lines of a quotation were left out."
            gathered.lose("quote-marks", sentence, "", self.quoted)
        if self.broken:
            gathered.lose("broken", "The mail is not built as mails are; it was read as far as it goes.")
        _quotations(gathered)
        return gathered.original(self.name, "eml", self.count, web.MARKS_SHOWN)

    def _part(self, part: Message, inside: str) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise Refused(f"“{self.name}” is made of more parts than any mail.", SAVE_APART)
        if any(len(str(value)) > LONGEST_HEADER for _, value in part.raw_items()):
            raise Refused(f"“{self.name}” has a longer head than any mail.", SAVE_APART)
        self.broken = self.broken or bool(part.defects)
        kind = part.get_content_type()
        for text in (part.preamble, part.epilogue):
            if text and visible(text) and not _STOCK.fullmatch(text):
                sentence = "Words stand between the parts of the mail, where no program shows them; they were left out."
                self._lose("hidden", sentence, _told(text))
        if kind in ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime") and (
            "signed" not in str(part.get_param("smime-type") or "")
        ):
            sentence = f"“{self.name}” is encrypted."
            raise Refused(sentence, "Open it in your mail program, and copy its words into a Word document (.docx).")
        inner = part.get_payload()
        if kind == "multipart/alternative" and isinstance(inner, list):
            self._alternative([one for one in inner if isinstance(one, Message)])
        elif kind.startswith("multipart/") and isinstance(inner, list):
            for index, one in enumerate(inner):
                if isinstance(one, Message):
                    self._part(one, "related" if kind == "multipart/related" and index else inside)
        elif kind.startswith("message/") and isinstance(inner, list):
            self._message(part, kind, inner)
        else:
            self._leaf(part, kind, inside)

    def _leaf(self, part: Message, kind: str, inside: str) -> None:
        called = _file_name(part)
        disposition = (part.get_content_disposition() or "").lower()
        data = _payload(part)
        if kind in ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"):
            self.gathered.lose("signature", "The electronic signature of the mail was left out; it was not checked.")
        elif kind == "application/ms-tnef" or called.lower() == "winmail.dat":
            sentence = "A file “winmail.dat”, which only Outlook reads, came with the mail; it was not opened."
            self.gathered.lose("embedded", f"{sentence} Ask for the mail as HTML or plain text, with its files.")
        elif kind in ("text/plain", "text/html", "text/enriched") and disposition != "attachment" and not called:
            self._body(part, kind, data)
        elif kind.startswith("multipart/") and not called:
            self._body(part, "text/plain", data)
        elif (
            kind.startswith("image/")
            and disposition != "attachment"
            and (inside == "related" or part.get("Content-ID"))
        ):
            named = f", “{shown(called)}”," if called else ""
            self.gathered.lose("picture", f"A picture{named} that stands in the mail was left out.")
        elif data or called:
            self._attach(called, kind, data)

    def _alternative(self, parts: Sequence[Message]) -> None:
        """Read the same in more than one form: the text, or the page where the text is a stub."""
        leaves = [(one, leaf) for one in parts for leaf in _body_of(one)]
        texts = [(one, leaf) for one, leaf in leaves if leaf.get_content_type() == "text/plain"]
        pages = [(one, leaf) for one, leaf in leaves if leaf.get_content_type() == "text/html"]
        chosen, other = (texts or pages or leaves)[:1], pages[:1] if texts else []
        if not chosen:
            for one in parts:
                self._part(one, "")
            return
        told = {id(leaf): self._words(leaf) for _, leaf in (*chosen, *other)}
        if other and _WORD_COUNT * len(told[id(chosen[0][1])]) < len(told[id(other[0][1])]):
            chosen, other = other, chosen
        for one in parts:
            if one is chosen[0][0]:
                self._part(one, "")
                continue
            # What stands beside the words in another form (pictures, files) is told too.
            self._beside(one, "related")
        mine = told[id(chosen[0][1])]
        for _, leaf in other:
            words = _only(told[id(leaf)], mine)
            if words:
                self._lose("alternative", "Words stand in another form of the mail alone; they were left out.", words)
            words = _only(mine, told[id(leaf)])
            if words:
                sentence = "Words that were taken do not stand in the other form of the mail."
                self.gathered.lose("alternative", sentence, "", words, taken=True)

    def _beside(self, part: Message, inside: str) -> None:
        """Tell what stands in a form of the mail that was not chosen, its words apart."""
        inner = part.get_payload()
        if part.is_multipart() and isinstance(inner, list):
            if part.get_content_type().startswith("message/"):
                self._part(part, inside)
                return
            for one in inner:
                if isinstance(one, Message):
                    self._beside(one, inside)
        elif part.get_content_type() not in (
            "text/plain",
            "text/html",
            "text/enriched",
            "text/watch-html",
        ) or _file_name(part):
            self._part(part, inside)

    def _words(self, leaf: Message) -> list[str]:
        """Return the words of a form of the mail, as it would be read; none where it cannot be read."""
        aside = _Mail(self.name)
        try:
            aside._body(leaf, leaf.get_content_type(), _payload(leaf))
        except Refused:
            sentence = "Another form of the mail could not be read; whether it says the same is not known."
            self.gathered.lose("alternative", sentence)
            return []
        made = aside.gathered
        notes = [passage for note in made.footnotes.values() for passage in note]
        texts = [f"{passage.marker} {passage.text}" for passage in (*made.passages, *made.asides, *notes)]
        texts += [loss.words for loss in made.losses if not loss.taken and loss.kind not in ("title", "markers")]
        return _WORD.findall(clean("\n".join(texts)).text)

    def _body(self, part: Message, kind: str, data: bytes) -> None:
        text = self._text(part, data)
        if kind == "text/html":
            self.count += web.gather(self.name, text, self.gathered)
            return
        self.count += visible(text)
        flowed = str(part.get_param("format") or "").lower() == "flowed"
        if flowed and str(part.get_param("delsp") or "").lower() == "yes":
            text = re.sub(r"(?m)(?<!^--) \r?\n(?![> \r\n])", "", text)
        elif flowed:
            text = re.sub(r"(?m)(?<!^--) \r?\n(?![> \r\n-])", " ", text)
        for quoted, lines in _by_quotation(text):
            self.quoted += "".join(mark for mark, _ in lines)
            said = [line for _, line in lines]
            end = next((at for at, line in enumerate(said) if line == _SIGNED), len(said)) if not quoted else len(said)
            plain.gather(self.name, "\n".join(said[:end]), self.gathered, "quotation" if quoted else "")
            plain.gather(self.name, "\n".join(said[end:]), self.gathered, "signature")

    def _text(self, part: Message, data: bytes) -> str:
        charset = str(part.get_content_charset() or "").strip("'\" ").lower()
        if charset in ("", "us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit", "8bit"):
            charset = "utf-8"
        elif charset in ("iso-8859-1", "latin1"):
            charset = "windows-1252"
        text = web.decoded(data, charset)
        if text is not None and ("\ufffd" not in text or charset != "utf-8"):
            return text.removeprefix("\ufeff")
        text = data.decode("cp1252", errors="replace")
        sentence = "The mail does not say truly in which encoding it is; it was read as older Windows programs write it"
        self.gathered.lose("encoding", f"{sentence} (CP1252). Look whether quotes and accents are right.")
        return text

    def _message(self, part: Message, kind: str, inner: Sequence[object]) -> None:
        """Attach a mail inside the mail; tell a report of a mail server."""
        for one in inner:
            if not isinstance(one, Message):
                continue
            try:
                data = one.as_bytes(policy=policy.compat32.clone(max_line_length=None))
            except (*_FAULTS, OSError):
                self.gathered.lose("embedded", "A mail inside the mail is not built as mails are; it was left out.")
                continue
            if kind == "message/rfc822":
                called = _file_name(part) or f"{_safe(_header(one, 'subject')) or 'mail'}.eml"
                self._attach(called, "message/rfc822", data)
            elif visible(data.decode("latin-1")):
                sentence = "A report of a mail server, for programs, was left out."
                self._lose("embedded", sentence, _told(data.decode("utf-8", "replace")))

    def _attach(self, called: str, kind: str, data: bytes) -> None:
        number = len(self.gathered.attachments) + 1
        called = _safe(called) or f"attachment-{number}{_ENDINGS.get(kind, '')}"
        taken = {one.name.lower() for one in self.gathered.attachments}
        base, dot, ending = called.rpartition(".")
        base, ending = (base, f".{ending}") if dot and base else (called, "")
        again = 2
        while called.lower() in taken:
            called = f"{base} ({again}){ending}"
            again += 1
        self.gathered.attachments.append(Attached(called, data))

    def _lose(self, kind: str, sentence: str, words: str) -> None:
        self.gathered.lose(kind, sentence, "", words)
        self.count += visible(words)


_WORD_COUNT = 3
"""How many times as many words the page must have for the text to be a stub (“this mail is in HTML”)."""

_ENDINGS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "message/rfc822": ".eml",
}


def _body_of(part: Message) -> Iterator[Message]:
    """Yield the parts of one form of a mail that are its words."""
    inner = part.get_payload()
    if part.get_content_type().startswith("multipart/") and isinstance(inner, list):
        for one in inner:
            if isinstance(one, Message):
                yield from _body_of(one)
    elif part.get_content_type() in ("text/plain", "text/html") and not _file_name(part):
        yield part


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _header(message: Message, name: str) -> str:
    """Return what a header says, in letters, on one line; nothing where it is missing or says nothing readable."""
    try:
        found = message.get(name)
        if found is None:
            return ""
        parts = []
        for words, charset in decode_header(found):
            if isinstance(words, bytes):
                told = web.decoded(words, charset or "utf-8")
                told = words.decode("latin-1") if told is None else told
            else:
                told = words.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            parts.append(told)
        return " ".join(clean("".join(parts)).text.split())
    except _FAULTS:
        return ""


def _day(text: str) -> str:
    """Return the day of a date as RFC 5322 writes it, as 2012-06-30; nothing where it is none."""
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (*_FAULTS, OverflowError):
        return ""


def _file_name(part: Message) -> str:
    try:
        called = part.get_filename() or ""
        parts = decode_header(called) if "=?" in called else [(called, None)]
    except _FAULTS:
        return "attachment"
    told = "".join(
        words if isinstance(words, str) else web.decoded(words, charset or "utf-8") or "" for words, charset in parts
    )
    return told.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _safe(called: str) -> str:
    """Return the name of a file without folders, control codes, and what no system takes in a name."""
    called = clean(called.replace("\\", "/").rsplit("/", 1)[-1]).text
    called = " ".join(_UNSAFE.sub(" ", called).split()).strip(". ")
    base, dot, ending = called.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{base[: LONGEST_NAME - len(ending) - 1].rstrip('. ')}.{ending}" if base else ""
    return called[:LONGEST_NAME].rstrip(". ")


def _told(text: str) -> str:
    return text.replace("\0", "")


def _only(words: Sequence[str], others: Sequence[str]) -> str:
    """Return the words that stand in the first alone, in order, however they are written there (case apart)."""
    left = Counter(word.casefold() for word in words)
    left.subtract(word.casefold() for word in others)
    told: list[str] = []
    for word in words:
        if left[word.casefold()] > 0:
            left[word.casefold()] -= 1
            told.append(word)
    return " ".join(told)


def _by_quotation(text: str) -> list[tuple[bool, list[tuple[str, str]]]]:
    """Return the lines of a mail in runs, quoted and not, each line with the signs before it."""
    runs: list[tuple[bool, list[tuple[str, str]]]] = []
    depth = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        found = _QUOTED.match(line)
        mark = found[1] if found and not line.startswith(">From ") else ""
        level = mark.replace(" ", "")
        # An empty line belongs to the run before it.
        if not runs or (level != depth and (line.strip() or level)):
            runs.append((bool(level), []))
            depth = level
        runs[-1][1].append((mark, line[found.end() :] if found and mark else line))
    return runs


_SIGNED = "-- "
"""The line above a signature: two dashes and a space, alone (RFC 3676, 4.3)."""

_QUOTATIONS = ("quotation", "blockquote")


def _quotations(gathered: Gathered) -> None:
    """Tell what of the body looks like a quotation of an earlier mail, or like a signature: it was taken."""
    passages = gathered.passages
    found: dict[str, list[Passage]] = {"quotation": [], "signature": [], PERHAPS_SIGNED: []}
    state = ""
    for index, passage in enumerate(passages):
        if _WROTE.fullmatch(passage.text) or _OUTLOOK.match(_and_next(passages, index)):
            state = "quotation"
        elif passage.style in _QUOTATIONS and state == PERHAPS_SIGNED:
            state = ""
        elif passage.text == "--" and not passage.style and not state:
            state = PERHAPS_SIGNED
        style = "quotation" if passage.style in _QUOTATIONS else state
        style = style or ("signature" if passage.style == "signature" else "")
        if style:
            found[style].append(passage)
            passages[index] = replace(passage, style=style)
    for kind, style, what in (
        ("quotation", "quotation", "look like a quotation of an earlier mail"),
        ("mail-signature", "signature", "look like the signature of the mail"),
        ("mail-signature", PERHAPS_SIGNED, "stand below a line “--”, and may be the signature of the mail"),
    ):
        if found[style]:
            sentence = f"Some passages {what}; they were taken: leave out what is no part of the notes."
            words = "\n".join(passage.text for passage in found[style])
            gathered.lose(kind, sentence, found[style][0].place, words, taken=True)


def _and_next(passages: Sequence[Passage], index: int) -> str:
    """Return a passage that begins a head as Outlook quotes it, with the one that goes on with it."""
    if not passages[index].text.startswith("From:"):
        return ""
    return "\n".join(passage.text for passage in passages[index : index + 2])
