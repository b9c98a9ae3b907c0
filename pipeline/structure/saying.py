"""What people write over the parts of their notes, and before what they say: headings, labels, numbers, sentences."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.dates import dates_in
from pipeline.guards.amounts import CARDINALS as NUMBERS
from pipeline.received import spoken

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
COUNTED = {word: number for word, number in NUMBERS.items() if number}
MEETING = r"(?:session|meeting|workshop|round[- ]?table|seminar)"
NUMBERED = re.compile(
    rf"\b{MEETING}\s*(?:no\.?|number|#)?\s*(?:(?P<n>\d{{1,3}})|(?P<c>{'|'.join(CARDINALS)}))\b(?![./-]\d)"
    rf"|\b(?:(?P<o>{'|'.join(ORDINALS)})|(?P<s>\d{{1,2}})(?:st|nd|rd|th))\s(?:[a-z-]+\s){{0,4}}?{MEETING}\b",
    re.IGNORECASE,
)

LEAD = r"(?:the|our|key|main|other|further|general|agreed|emerging|top|some|summary of)\s+"
TAIL = r"(?:\s+(?:points?|from|of|for|and|arising|identified|learned|learnt|in|on|to)\b.*)?"
POINTS = re.compile(
    rf"(?:{LEAD})*(?:learning(?: points?| outcomes?)?|lessons?(?: learne?[dt])?|findings?|messages?|recommendations?"
    r"|(?:key|main|discussion|learning|action) points?"
    r"|what (?:went|worked)(?: (?:really |very |less |not so )?(?:well|badly|wrong))?"
    r"|what (?:did not|didn[’']t) (?:go|work)(?: so)?(?: well)?"
    r"|what (?:did )?(?:we|the group) (?:have )?(?:learne?[dt]?)"
    r"|what (?:could|should) (?:be|have been) (?:done )?(?:better|improved|differently)|even better if|actions?"
    r"|insights?|take[- ]?aways?|successes|challenges|barriers|good practice)"
    rf"{TAIL}",
    re.IGNORECASE,
)
CONCLUSION = re.compile(
    r"(?:the |overall |group )?(?:conclusions?|concluding remarks"
    r"|summary(?: and (?:next steps|conclusions?))?|next steps?"
    r"|close|closing(?: remarks| comments)?|in (?:summary|conclusion)|wrap[- ]?up|(?:the )?way forward"
    r"|final (?:thoughts|remarks|comments))(?: and .*)?",
    re.IGNORECASE,
)
CONTEXT = re.compile(
    r"(?:the |session )?(?:contexts?|background|introduction|purpose|aims?|overview"
    r"|about (?:the|this) (?:session|meeting)"
    r"|setting the scene|scope|objectives?|(?:summary of )?(?:the )?discussions?|notes|welcome)(?: (?:and|of|to) .*)?",
    re.IGNORECASE,
)
EARLY_SUMMARY = re.compile(r"(?:executive )?summary", re.IGNORECASE)
PEOPLE = (
    r"(?:(?:members|those|people|list of) )?(?:present|attendees?|participants?|delegates|in attendance|attendance"
    r"|attended(?: by)?"
    r"|who (?:was there|attended)|attending)"
)
OTHERS = (
    r"apologies(?: for absence| received)?|chair(?:ed by|person|man|woman)?|facilitat(?:ors?|ed by)"
    r"|convenors?|speakers?|hosts?|hosted by"
    r"|minutes?(?: taken)?(?: by)?|note[- ]?takers?|notes(?: (?:taken|written|made))? by|rapporteurs?|scribes?|authors?"
    r"|(?:written|prepared|submitted) by|to|cc|from|distribution|contact"
)
WHO = re.compile(rf"(?:{PEOPLE}|{OTHERS})", re.IGNORECASE)
LISTED = re.compile(rf"(?:{PEOPLE}|apologies(?: for absence)?)", re.IGNORECASE)
LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?:{words})", re.IGNORECASE))
    for kind, words in (
        ("date", rf"dates?(?: of (?:the )?{MEETING})?|when|day|held(?: on)?|date held"),
        ("place", r"places?|venues?|where|locations?|held (?:at|in)"),
        (
            "subject",
            rf"(?:{MEETING}(?: (?:no\.?|number))?|{MEETING} (?:title|subject|topic)|subjects?|topics?|title|event)",
        ),
        ("time", r"times?|starts?|ends?|duration|time of (?:day|meeting)"),
        (
            "number",
            r"(?:number|no\.?) (?:of (?:people|participants|attendees|members|delegates)"
            r"|present|attending|attended|in attendance)"
            r"|attendance|attended|headcount",
        ),
        ("people", PEOPLE),
        ("others", OTHERS),
    )
)
LABELLED = re.compile(r"(?P<label>[A-Za-z][A-Za-z .’'/-]{1,40}?)\s*(?::|\s[-–—]\s|\t)\s*(?P<value>.*)", re.DOTALL)
NUMBER = "|".join(sorted(COUNTED, key=len, reverse=True))
COUNT = re.compile(
    rf"(?:about |around |approximately |approx\.? |some )?(?P<n>\d{{1,4}}|{NUMBER})"
    r"(?:\s+(?:people|persons?|members?(?: of the group)?|participants?|delegates?|attendees?"
    r"|colleagues?|organisations))?"
    r"(?:\s+(?:attended|were present|present|took part|in attendance))?[. ]*",
    re.IGNORECASE,
)
ATTENDED = re.compile(
    rf"\b(?P<a>\d{{1,4}}|{NUMBER})\s+(?:[a-z]+\s+){{0,3}}?"
    r"(?:attended|were present|took part|participated)\b"
    rf"|\b(?P<d>\d{{1,4}}|{NUMBER})\s+(?:people|persons|members|participants|delegates|attendees|colleagues|residents"
    r"|of us)\s+(?:(?:who|that|were|had)\s+){0,2}(?:came|there|here|present|in attendance|joined|turned up)\b"
    rf"|\battended by (?P<b>\d{{1,4}}|{NUMBER})\b|\bpresent: (?P<c>\d{{1,4}})\b",
    re.IGNORECASE,
)
SAID_OF_POINTS = (
    r"(?:learning points?|lessons|findings|recommendations|(?:key|main) (?:messages|points|findings|learning))"
)
LEADS_IN = re.compile(
    rf"\b(?:following|below)\b[^.]*\b{SAID_OF_POINTS}\b"
    rf"|\b{SAID_OF_POINTS}\b[^.]*\b(?:as follows|below|following|were|are|include)\b",
    re.IGNORECASE,
)
TYPED = re.compile(
    r"(?P<m>\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]|\d{1,3}(?:\.\d{1,3})+[.)]?|[•·▪◦‣●○■□*–-])[ \t\u00a0]+(?=\S)"
)
OWN_NUMBER = re.compile(r"\A(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Z]|[IVX]{1,4})[.):]\s+|\d{1,3}(?:\.\d{1,3})*\s+)(?=\S)")
COUNTED_BY = re.compile(r"\(?(?P<number>\d{1,3}(?:\.\d{1,3})*)(?P<sign>[.):]*)[ \t\u00a0]+(?=(?P<next>\S))")
POINT_HEADING = re.compile(
    r"(?:(?:learning )?point|lesson|finding|recommendation|message|action)\s*(?:no\.?\s*)?\d{1,3}\b", re.IGNORECASE
)
SHORT = 25
"""How many words a line that names the session may have."""


def numbers_in(text: str) -> set[int]:
    """Return the numbers of sessions that a text names: “Session 2”, “the second round table session”."""
    found = set()
    for match in NUMBERED.finditer(text):
        if match["n"] or match["s"]:
            found.add(int(match["n"] or match["s"]))
        elif match["c"]:
            found.add(CARDINALS.index(match["c"].lower()) + 1)
        else:
            found.add(ORDINALS.index(match["o"].lower()) + 1)
    return found


def counts(text: str, opening: Collection[str]) -> bool:
    """Return whether a number at the start of a text can only be that of a point, and is no figure of its words.

    ``opening`` are the numbers at the start of all passages of the document. “3.5 million people” after no 3.4,
    “15 March” and “1. in 3 people” before no 2 begin with a figure, or may do so.
    """
    match = COUNTED_BY.match(text)
    if match is None:
        return True
    above, _, last = match["number"].rpartition(".")
    stem = f"{above}." if above else ""
    follows = not {f"{stem}{int(last) - 1}", f"{stem}{int(last) + 1}"}.isdisjoint(opening)
    if match["sign"]:
        return follows or not match["next"].islower()
    dated = any(text.startswith(found.words) for found in dates_in(text[:LONG]))
    return (follows or (last == "1" and above in opening)) and not match["next"].islower() and not dated


ANY_LABEL = re.compile(
    r"(?<=\s)(?=[A-Z])(?=(?:" + "|".join(label.pattern for _, label in LABELS) + r")\s*:)", re.IGNORECASE
)


def as_number(text: str) -> int:
    return int(text) if text.isdigit() else COUNTED[text.lower()]


END = re.compile(r"(?<=[.!?…])[”’\"')\]]*\s+(?=[“‘\"'(\[]*[A-Z0-9À-Þ])")
ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|Mr|Mrs|Ms|Dr|Prof|St|No|Fig|para|pp?|approx|inc|Ltd|Co)|\b[A-Z])\.$"
)


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, as it stands; the text where it has no end of one."""
    for match in END.finditer(text):
        end = match.start() + len(match[0].rstrip())
        if ABBREVIATED.search(text[max(0, end - LONG) : end]) is None and len(spoken(text[: min(end, LONG)])) > 1:
            return text[:end]
    return text


LONG = 200
"""How many letters of a sentence are looked at: more than an abbreviation has, and in which there are two words."""


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, in order; together they have all its words."""
    found = []
    while rest := text.strip():
        found.append(first_sentence(rest))
        text = rest[len(found[-1]) :]
    return found


CONNECTING = frozenset((
    "of", "the", "and", "for", "de", "di", "da", "du", "van", "von", "der", "den", "la", "le", "del", "al", "bin",
    "ibn", "y", "e", "at", "in", "from", "with", "chair", "head", "director", "manager", "officer", "lead", "member",
    "notes",
))  # fmt: skip
"""Words in small letters that stand in lists of people."""

MOST_SMALL = 2
"""How many other words in small letters a person of a list may bring along: “deputy”, “commissioner”."""


def may_be_names(text: str) -> bool:
    """Return whether a text may be names of people, with what they are and where they are from, and is no sentence.

    A sentence has words in small letters that do something; a list of people has hardly any, for each person.
    """
    small = [word for word in spoken(text) if word[:1].islower() and word not in CONNECTING]
    persons = 1 + len(re.findall(r"[,;\n\t]", text))
    return len(small) <= MOST_SMALL * persons and len(small) * 2 <= len(spoken(text))


def seems_a_sentence(text: str) -> bool:
    """Return whether a text that may be names is built as a sentence is: several words, no comma, a full stop."""
    return len(spoken(text)) > 2 and bool(re.fullmatch(r"[^,;]*[^\W\d_]{2}[.!?]", text.strip(), re.DOTALL))
