"""A key that stays equal under edits that carry no meaning: the one thing that merges without a person.

Two texts with one key are told together unasked, so the key errs on one side: where an edit may change what
is said, the keys differ and the pair is left to a person. Equal keys are an equivalence by construction (no
chains, no order effects), and a key takes time in proportion to its text.

Set aside: Unicode form, white space, case, the style of quotes and dashes, emphasis, list markers, cross-references,
a leading report that the group held it ("It was agreed that"), articles, commas that are a matter of taste, "also" and
its like, hyphens in compounds, digits or words for small numbers, British or American spelling, contractions, plurals
and the agreement of verbs with them. Kept, always: the order of words, negation, modals, quantifiers, conditions,
numbers and units, prepositions, adjectives, tense (``was``, ``-ed``), voice (``-ed`` against ``-ing``), questions, the
ends of sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile

from snowballstemmer.english_stemmer import EnglishStemmer

LEAST_WORDS = 4
"""A text with fewer words than these is too short to be told together with another unasked."""

LEAST_TELLING = 2
"""So is one with fewer words than these that are more than grammar."""

MOST_PLAIN = 6
"""How many plain words may stand between "often" and its verb, for it to be moved there."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _pairs(lines: str) -> dict[str, str]:
    """Return a table from lines of ``from:to`` entries."""
    return dict(entry.split(":") for entry in lines.split())


# ---------------------------------------------------------------- the tables

ARTICLES = _set("a an the")

# With these an article is not idle: "a few" is some, "few" is hardly any; "the most vulnerable" are not "most
# vulnerable
# people"; "a third" is a share, "the third" a place in a row.
ARTICLE_COUNTS_BEFORE = _set(
    """few little most more less least fewer fewest lot lots number numbers majority minority couple dozen handful
    hundred thousand million billion half third thirds quarter quarters fifth tenth first second fourth last next
    one two three four five six seven eight nine ten only very many other others same former latter better best
    worse worst former sooner great good bit fraction proportion part share sort kind rest whole single public
    past present right deal case time times way point while place then above below over off after before inside
    outside up down near rich poor"""
)
# "Above average homes" are not those above the average one; "5 a day" are not 5 days.
ARTICLE_COUNTS_AFTER = _set("above below over off inside outside past near beyond behind up down")
EACH = _set("day week month year quarter hour minute night head person place bed unit session time piece")
# "in prison" is a sentence, "in the prison" a place; "in charge of" and "in the charge of" swap the roles.
INSTITUTIONS = _set(
    """prison prisons jail court hospital school church college university office bed sea town home work power place
    hand hands question charge control possession force care custody employ view event trust debt red black
    board practice day night trial call site paper house person labour strike review risk record target track leave duty
    guard hold line demand sale loan"""
)
PREPOSITIONS = _set("in to at from of into on upon out under by with for through within")

# A word that may belong to what stands before it or after it: there a comma says which.
COMMA_COUNTS_BESIDE = _set(
    """only not no yes never alone even just however too again still now then later often always usually sometimes
    rarely seldom hardly instead otherwise rather either merely mainly mostly simply today first last
    already soon else together apart well more less most least all both none nobody nothing everything
    eventually recently currently generally frequently occasionally quickly slowly clearly naturally"""
)
COMMA_COUNTS_AFTER = _set("once before after so though yet")
# "Providers, who failed, ..." speaks of all of them, "providers who failed" of some. "They were glad, because"
# differs too, as do cause and manner ("as"), cause and time ("since"), contrast and time ("while").
COMMA_COUNTS_BEFORE = _set("who whom whose which because as since while whilst so though")
# Before these a comma is a matter of taste, unless something before it may reach past it (``REACHES``): "not cut, to
# help users", "carers and staff, in Leeds".
COMMA_IDLE_BEFORE = _set(
    """in to at from of into on upon under by with for through within despite after before if although unless until but
    like besides where when given eg ie we they he she i"""
)
NEGATIVES = _set("not no never none nobody nothing neither nor few little hardly rarely seldom only without")
JOINING = _set("and or")
REACHES = NEGATIVES | JOINING
# A place or time may open a sentence, and ends where an article begins the subject: "In Leeds the council staff ..." is
# not "In Leeds council the staff ...".
OPENS_WITH_PLACE = _set("in at on by for from with within under over during through throughout across inside outside")

CONNECTIVES = _set("also moreover furthermore additionally")

BE = _set("is are was were am be been being")
HAVE_DO = _set("has have had do does did")
MODALS = _set("can could may might must shall should will would ought need")
AUXILIARIES = BE | HAVE_DO | MODALS

# Verbs with which the group itself is told to hold what follows. Not among them: suggested, said, heard, reported,
# believed, thought, hoped, feared, argued, claimed, doubted, denied; nor any of these with an adverb, a quantifier
# or "not".
HELD = _set("agreed recognised recognized acknowledged noted felt concluded accepted")
HELD_NOW = _set(
    "agree agrees recognise recognises recognize recognizes acknowledge acknowledges note notes conclude concludes"
)
THE_GROUP = (
    ("members",), ("the", "members"), ("group", "members"), ("the", "group", "members"),
    ("members", "of", "the", "group"), ("the", "members", "of", "the", "group"), ("the", "group"),
    ("participants",), ("the", "participants"), ("we",), ("the", "meeting"),
)  # fmt: skip

FRAMES_BEGIN = {"it", "there"} | {group[0] for group in THE_GROUP}

# What a cross-reference is made of. A bare "(section 75)" is not one: it may be the name of a law.
SHOWN = "(?:shown|described|set out|illustrated|discussed|noted|outlined|summari[sz]ed|mentioned|identified|explained)"
NUMBERED = r"(?:\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?|[a-h]|[ivx]{1,4})"
NUMBERS = rf"{NUMBERED}(?:\s?(?:,|-|–|&|and|to)\s?{NUMBERED}){{0,4}}"
PICTURE = r"(?:figures?|figs?\.?|tables?|annex|annexe|appendix|box)"
TEXT_PLACE = r"sections?|paragraphs?|paras?\.?|chapters?|pages?|pp?\.|(?:bullet |learning )?points?|footnotes?|notes?"
PLACE = rf"(?:{PICTURE}|{TEXT_PLACE})"
WHERE = rf"(?:the )?(?:{PLACE} ?)?{NUMBERS}(?: (?:above|below|overleaf))?|above|below|overleaf"
CROSS_REFERENCE = re.compile(
    rf"(?:{PICTURE} ?{NUMBERS}|(?:please )?(?:see|cf\.?|refer to|as in|see also) (?:{WHERE})"
    rf"|as (?:{SHOWN} )(?:in |at |by |under )?(?:{WHERE})|{SHOWN} (?:in|at) (?:{WHERE}))",
    re.IGNORECASE,
)
BRACKETED = re.compile(r"[ \t]?([(\[])([^()\[\]\n]{2,60})[)\]](?:\(#[\w-]{1,60}\))?")
# A mark after the full stop is a note's; before it only when tight against a word that cannot be squared.
NOTE_MARK = re.compile(
    r"\[\^[^\]\s]{1,40}\](?!:)|(?<=[a-z][.!?])(?:[¹²³⁰⁴-⁹]{1,2}|\[\d{1,2}\])(?=\s|\Z)"
    r"|(?<=[a-z]{4})(?<!tres)(?<!ters)(?<!etre)(?<!eter)(?<!feet)(?<!foot)(?<!ards)(?<!yard)(?<!iles)(?<!mile)(?<!ches)"
    r"(?<!inch)(?:[¹²³⁰⁴-⁹]{1,2}|\[\d{1,2}\])(?=[.!?]?[ \t]*\Z)"
)

NUMBER_WORDS = _pairs(
    """zero:0 one:1 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 thirteen:13
    fourteen:14 fifteen:15 sixteen:16 seventeen:17 eighteen:18 nineteen:19 twenty:20 thirty:30 forty:40 fifty:50
    sixty:60 seventy:70 eighty:80 ninety:90"""
)
ORDINAL_WORDS = _pairs(
    """first:1st second:2nd third:3rd fourth:4th fifth:5th sixth:6th seventh:7th eighth:8th ninth:9th tenth:10th"""
)
SCALES = {"m": "million", "mn": "million", "bn": "billion", "k": "thousand"}
MONTHS = _set("january february april june july september october november december ^may ^march ^august")
MEASURES = _set("year month week day hour minute page bed person man mile pound point storey term member place")

# Not here, since each spelling is a word of its own: practice/practise, licence/license, metre/meter, cheque/check.
SPELLINGS = _pairs(
    """whilst:while amongst:among amidst:amid towards:toward till:until
    labor:labour labors:labours behavior:behaviour behaviors:behaviours behavioral:behavioural favor:favour
    favors:favours favored:favoured favorable:favourable honor:honour honors:honours honored:honoured
    neighbor:neighbour neighbors:neighbours neighborhood:neighbourhood neighborhoods:neighbourhoods color:colour
    colors:colours harbor:harbour endeavor:endeavour endeavors:endeavours program:programme programs:programmes
    center:centre centers:centres centered:centred theater:theatre defense:defence offense:offence offenses:offences
    judgment:judgement judgments:judgements acknowledgment:acknowledgement aging:ageing gray:grey enroll:enrol
    enrollment:enrolment fulfill:fulfil fulfills:fulfils fulfillment:fulfilment skillful:skilful traveled:travelled
    traveling:travelling modeling:modelling modeled:modelled labeled:labelled labeling:labelling canceled:cancelled
    canceling:cancelling counseling:counselling counselor:counsellor counselors:counsellors catalog:catalogue
    dialog:dialogue learnt:learned focussed:focused focussing:focusing focusses:focuses benefitted:benefited
    benefitting:benefiting targetted:targeted targetting:targeting analyze:analyse analyzes:analyses
    analyzed:analysed analyzing:analysing catalyze:catalyse commoditizing:commoditising pediatric:paediatric
    percent:% noone:no-one"""
)
IZE = re.compile(r"(?<=[a-z]{3})iz(?=(?:e|es|ed|ing|ation|ations|ational|er|ers)\Z)")
# Spelt with z everywhere, or another word with s.
ALWAYS_Z = ("size", "sizes", "sized", "sizing", "prize", "prizes", "seize", "seizes", "seized", "capsize", "downsizing")

# One compound in three spellings: front line, front-line, frontline.
JOINED = _set(
    """policymaker policymaking decisionmaker roundtable frontline timescale wellbeing healthcare workforce workplace
    caseload casework stakeholder benchmark toolkit masterclass workstream shortfall childcare website database
    subcontract subcontracts subcontractor subcontracting subcontracted policymakers decisionmakers timescales
    stakeholders workstreams subcontractors caseloads websites multiagency interagency multidisciplinary"""
)
# A prefix that may be joined. Elsewhere the hyphen tells words apart: re-sign and resign, re-form and reform, co-op
# and coop.
JOINED_PREFIX = re.compile(
    r"(?:re-(?=offen|invest|design|tender|commission|organis|organiz|us(?:e|es|ed|ing)\Z|train|focus|structur|think|allocat"
    r"|assess|establish|introduc|engag|examin|procur|evaluat|integrat|configur|entry|enter|open|build|negotiat|connect)"
    r"|(?:multi|inter)-(?=agency\Z)|multi-(?=disciplinary\Z)|co-(?=operat|ordinat|produc|design|commission|exist|locat)|sub-(?=contract)|e-(?=mail)|on-(?=line\Z|going\Z))"
)
BOUND_PREFIXES = _set("re co un de in mis dis pre e on over under out be up by off")
# "thirty-odd" is about thirty; "more-qualified staff" are not more staff.
MADE_BY = _set("led run built owned held made born cut set won paid taught fed hit bound kept given")
MADE_IN = _set("based focused focussed centred centered oriented related sized minded")
MADE_HOW = _set("well ill highly poorly newly locally nationally jointly")
SIZES = _set(
    "small large high low old new young hard long short big late deep heavy light good bad poor free full open"
)
HYPHEN_COUNTS = _set("odd more most less least better best worse fewer no not")

# After these "upon" is "on"; staff put upon are not staff put on, and to set upon is not to set on.
UPON_IS_ON = _set(
    "depend depended depending dependent rely relied relying reliant based fall fell falling impact impacts"
)

IRREGULAR = _pairs(
    """are:is am:is were:was has:have does:do goes:go focuses:focus viruses:virus bonuses:bonus campuses:campus
    statuses:status censuses:census buses:bus biases:bias vetoes:veto echoes:echo heroes:hero"""
)
# With an s these are other words: goods, customs, the minutes, terms, values, Mr Roberts.
NOT_PLURALS = _set(
    """goods minutes customs means arms forces damages spirits thanks premises grounds odds terms conditions
    interests rights
    values times powers quarters thirds halves tens hundreds thousands millions billions dozens others ones ours
    yours hers theirs besides sometimes news ends states manners colours letters papers talks honours looks lots
    works bills acts corps always perhaps whereas overseas series species upstairs downstairs indoors outdoors
    backwards
    afterwards assets pains troops glasses chambers commons lords holidays affairs heads directions securities
    liberties utilities properties communications relations provisions intelligences effects measures proceeds
    contents
    returns remains savings overheads sales accounts balances funds peoples
    edwards roberts williams phillips stephens richards peters daniels andrews adams matthews evans davies hughes
    jacobs
    simons johns stevens owens rogers harris jones james charles wales banks woods brooks fields rivers marks hills
    wells
    jeans pants clothes"""
)
# Verbs whose past looks like the present: only the ``s`` tells "the council cuts" from "the council cut".
SAME_PAST = _set(
    """cuts sets puts lets hits hurts costs bids splits spreads shuts quits beats sheds upsets broadcasts casts bursts
    reads rids thrusts bets forecasts offsets resets outputs inputs sublets undercuts outbids knits slits"""
)
# Words that name a thing and what is done.
DOINGS = _set(
    """support fund need contract plan report grant lead benefit help offer trust work train control process change
    design market target test review visit call demand attempt aim claim charge transfer exchange access award budget
    cause challenge finance force group influence lack limit measure monitor move network note order partner place
    price project purchase question range rate record reform request research result return reward risk rule score
    stage start state store stress study supply survey talk tender time travel use value view vote voice question run
    pay share care house staff"""
)
DOERS = _set(
    """council trust charity commissioner provider government board group team department authority agency partnership
    user carer organisation body minister manager sector officer volunteer partner contractor funder tenant resident"""
)
# A share of one thing or of many: "most of the service", "most of the services".
SHARES = _set(
    "all most half some any much none rest part majority third quarter bulk share proportion % cent whole more"
)
WHOSE = _set("its their his her our your my these those this that")
PLURALS_IN_ING_OR_IC = _set("meetings buildings settings briefings hearings topics clinics critics metrics")

# Words that in capitals are names of something else.
ACRONYMS = _set(
    """us it who aids pin pip ace cab lea act nice pace rip era smart step pact dash bid add pet map dip start pass
    solace art mend host turn lift sage care mind scope shelter leap star help cope unison unite are can so do does
    has had have be is am was were an as at by if in on or to up we he she my me one set put get got let see go ask
    fit aim hub tap rag sum fan car pod how why any send"""
)
NAMES = _set(
    """may march august bill mark grant will reading bath polish china turkey commons lords labour conservative
    liberal
    green mind shelter scope crisis relate catholic house state church job frank rose sue pat capita unite unison
    act chase drew rob ford field hope grace joy faith dawn guy earl dean king bishop baker cook page price
    times sun guardian mirror observer cabinet speaker lottery
    day best young long short white black brown wood stone hill west east north south"""
)

# Units that a capital makes a million or a billion times as large.
CASED_UNITS = _set("mw mg gb mb kb tb mj mv ma")

CONTRACTIONS = _pairs("can't:can won't:will shan't:shall ain't:is")
IS_AFTER = _set("it that there he she what who where here how")
WHOSE_WORDS = _set("i we our my us me your you")

DROPPED_FORMAT = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u034f\ufe0e\ufe0f"))
STYLES = str.maketrans("‘’‚‛ʼ“”„‟«»‐‑−‒―", "'" * 5 + '"' * 6 + "---–—")
# Compatibility forms of these kinds mean something: x² is not x2, ½ is not 1/2 of what stands before it.
MEANT = ("<super>", "<sub>", "<fraction>", "<circle>", "<square>")
MOST_MARKS = 30
"""UAX 15, 12.1 (Stream-Safe Text Format): more marks than these on one letter are no writing, and slow to sort."""

BULLET = re.compile(r"[ \t]{0,40}(?:[-*•●◦▪‣·–—]|(\d{1,3})[.)]|\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})\))[ \t]+(?=\S)")
# "2.3. Members should" begins with the number of a paragraph; "2.3 million" does not, and "2.5 Posts" may not.
PARAGRAPH_NUMBER = re.compile(r"[ \t]{0,40}\d{1,2}(?:\.\d{1,2}){1,3}\.[ \t]+(?=[A-Za-z“\"'])")
GRADE = re.compile(r"(?<![^\W_])(?:[A-Z]|\d)\Z")
HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+")
LEXEME = re.compile(
    r"""(?P<plain>(?-i:(?:[a-z]+[ \n]+)+))
    |(?P<code>`[^`\n]+`)
    |(?P<url>(?:https?://|www\.)[^\s<>"|)\]]+)
    |(?P<dotted>(?<![\w.])(?:[^\W\d_]\.){2,6}(?!\w))
    |(?P<ordinal>\d+(?:st|nd|rd|th)\b)
    |(?P<number>\d+(?:[.,:/-]\d+)*)
    |(?P<word>[^\W\d_][^\W_]*(?:'[^\W\d_]+)*(?:-[^\W_]+(?:'[^\W\d_]+)*)*)
    |(?P<mark>\S)""",
    re.VERBOSE | re.IGNORECASE,
)
SPACED_RANGE = re.compile(r"(?<=\d)[ \t]?[–—][ \t]?(?=\d)|(?<=\d)[ \t]-[ \t](?=\d)")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")

BREAK, COMMA, QUOTE, POSSESSIVE, POSSESSIVES, ASIDE = ".", ",", '"', "'s", "s'", "–"
LIST_ENDS = "⁋"
IDLE_MARKS = (BREAK, COMMA, ASIDE)
SAYS_MORE = CONNECTIVES | set(IDLE_MARKS)
CURRENCIES = frozenset("£$€¥₹")


# ---------------------------------------------------------------- what others ask for


@lru_cache(maxsize=20_000)  # A build and a sitting ask of the same records several times.
def key(text: str) -> str:
    """Return the fingerprint of a text, equal for texts that say the same in the same words; "" if it may not merge.

    A text may not merge by itself when it is short (fewer than four words) or when it cannot stand alone. Any string
    has a key; the time is linear in its length.
    """
    lexemes = _told(text)
    folded = _compared(lexemes)
    if not _says_enough(folded):
        return ""
    return " ".join(folded) if _stands_alone(text, lexemes) else ""


def _says_enough(folded: Sequence[str]) -> bool:
    count, telling = 0, set()
    for token in folded:
        if _is_word(token):
            count += 1
            if token not in GRAMMAR:
                telling.add(token)
            if count >= LEAST_WORDS and len(telling) >= LEAST_TELLING:
                return True
    return False


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text as the fingerprint compares them, in order, with the marks that carry meaning.

    Two texts with the same tokens say the same. There is no least length: a short text has tokens too.
    """
    return tuple(_compared(_told(text)))


def stands_alone(text: str) -> bool:
    """Return whether a text can be understood without the one before it: it does not begin with "this", "they", ...

    A text that announces a list ("These include:") does not stand alone either.
    """
    return _stands_alone(text, _told(text))


def apart_from(a: str, b: str) -> tuple[str, ...]:
    """Return the words, as written, that stand in one of two texts and not (or less often) in the other, each once.

    For two texts with one key they are what was set aside: the report says "same words apart from: the, for".
    Those of ``a`` come first, in the order of the texts. Case alone is no difference.
    """
    found: dict[str, str] = {}
    for one, other in ((a, b), (b, a)):
        spare = Counter(_spelling(word) for word in words(other))
        for word in words(one):
            spelling = _spelling(word)
            if spare[spelling]:
                spare[spelling] -= 1
            else:
                found.setdefault(spelling, word)
    return tuple(found.values())


def words(text: str) -> list[str]:
    """Return the words of a text as they are written, without the marks around them."""
    return WORD.findall(text)


def _spelling(word: str) -> str:
    return word.replace("’", "'").casefold()


# ---------------------------------------------------------------- from text to lexemes


def _told(text: str) -> list[str]:
    """Return the lexemes of a text without list markers, cross-references, idle quotes and reports of the group."""
    plain = _without_references(_without_list_markers(_plain(text)))
    lexemes = _without_idle_quotes(_lexemes(plain))
    return _without_frames(_without_connectives(lexemes))


def _compared(lexemes: list[str]) -> list[str]:
    """Return what two texts are compared by: each word in one form, without idle articles and commas."""
    return _folded(_with_often_inside(_without_idle_words(lexemes)))


def _plain(text: str) -> str:
    """Return the text in one Unicode form, with one style of quotes and of dashes."""
    if text.isascii():
        return text.replace("...", "…")
    text = text.translate(DROPPED_FORMAT)
    if not _piled(text):
        text = unicodedata.normalize("NFC", text)
        text = unicodedata.normalize("NFC", "".join(map(_compatible, text)))
    return text.translate(STYLES).replace("...", "…")


def _piled(text: str) -> bool:
    """Return whether more marks stand on one letter than any writing has."""
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks > MOST_MARKS:
            return True
    return False


@lru_cache(maxsize=4096)
def _compatible(letter: str) -> str:
    """Return the plain form of a letter (UAX 15, NFKC), where the other form carries no meaning."""
    if letter < "\x80" or letter == "…" or unicodedata.decomposition(letter).startswith(MEANT):
        return letter
    return unicodedata.normalize("NFKC", letter)


def _without_list_markers(text: str) -> str:
    """Return the text with its lines joined; an item of a list, a heading, an empty line begins after a full stop."""
    joined: list[str] = []
    begins, expected = True, 0
    led = False  # Whether the items of a list that goes on were led in by a text: what ends it, ends that.
    for line in text.split("\n"):
        if not line.strip():
            joined.append(" . ")
            begins = True
            continue
        heading = HEADING.match(line)
        item = BULLET.match(line)
        number = PARAGRAPH_NUMBER.match(line) if begins else None
        # A line of prose may begin with "12. " where it was wrapped; in a list the numbers count on.
        if item and (begins or (expected and (item[1] is None or int(item[1]) == expected)) or _is_bullet(item)):
            led = led or (bool(joined) and "".join(joined[-2:]).rstrip(" .").endswith(":"))
            joined.append(" . " + line[item.end() :] + " ")
            expected = int(item[1]) + 1 if item[1] else 1000
        elif number:
            joined.append(" . " + line[number.end() :] + " ")
            expected = 0
        else:
            if led and begins and line[:1] not in " \t":
                joined.append(f" {LIST_ENDS} ")
                led = False
            joined.append((" . " + line[heading.end() :] + " . ") if heading else line + " ")
            expected = 0 if begins else expected
        begins = False
    return "".join(joined)


def _is_bullet(item: re.Match[str]) -> bool:
    return item[0].strip()[0] in "*•●◦▪‣-"


def _without_references(text: str) -> str:
    """Return the text without marks of notes and without references to other places in the document."""
    bracketed = "(" in text or "[" in text
    if bracketed or not text.isascii():
        text = NOTE_MARK.sub("", text)
    return (
        text
        if not bracketed
        else BRACKETED.sub(lambda found: "" if CROSS_REFERENCE.fullmatch(found[2].strip()) else found[0], text)
    )


def _lexemes(text: str) -> list[str]:
    """Return words and marks in order, in lower case but for names that need their capital (``^may``)."""
    if "–" in text or "—" in text or "- " in text or "-\t" in text:
        text = SPACED_RANGE.sub("-", text)
    cased = _is_cased(text)
    out: list[str] = []
    quoted = False
    for found in LEXEME.finditer(text):
        kind, piece = found.lastgroup, found[0]
        if kind == "plain":  # As nearly all words are: nothing to decide.
            out += piece.split() if "cannot" not in piece else _CANNOT.sub("can not", piece).split()
        elif kind == "mark":
            before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
            if piece == "*" and GRADE.match(text, found.start() - 1, found.start()) and not after.isalnum():
                out.append(piece)  # "A* results", "4* care"
                continue
            mark, quoted = _mark(piece, before, after, quoted)
            if mark and (out or mark != BREAK):
                out.append(mark)
        elif kind == "number":
            out.append(THOUSANDS.sub("", piece))
        elif kind == "dotted":
            out += _word(piece.replace(".", ""), cased, False)
        elif kind == "word" and piece.isalpha() and piece.islower() and piece.isascii() and piece != "cannot":
            out.append(piece)
        elif kind == "word":
            if cased and out and piece.casefold() in CASED_UNITS and out[-1][-1:].isdigit() and not piece.islower():
                out.append("^" + piece)
                continue
            out += _compound(piece, cased, not out or out[-1] in (BREAK, "?", QUOTE), out[-1] if out else "")
        else:
            out.append(piece if kind in ("url", "code") else piece.casefold())
    return out


def _is_cased(text: str) -> bool:
    """Return whether at least as many letters are small as are capitals."""
    ascii_only = text.encode("ascii", "ignore")
    small = len(ascii_only) - len(ascii_only.translate(None, _SMALL))
    return small * 2 >= len(text) or sum(map(str.islower, text)) >= sum(map(str.isupper, text))


_SMALL = b"abcdefghijklmnopqrstuvwxyz"
_CANNOT = re.compile(r"\bcannot\b")


def _mark(mark: str, before: str, after: str, quoted: bool) -> tuple[str, bool]:
    """Return what a mark between ``before`` and ``after`` says ("" for nothing), and whether a quotation is open."""
    if mark in ".;:!":
        # In 0.5 a full stop may stand without its nought.
        return ("0." if mark == "." and after.isdigit() and not before.isalnum() else BREAK), quoted
    if mark == ",":
        return COMMA, quoted
    if mark in "()[]—":
        return ASIDE, quoted
    if mark in "-–":
        if after.isdigit() or after in CURRENCIES:
            return ("-" if not before.isalnum() else ""), quoted
        return ("" if all(side.isalnum() or side in ("*", "_") for side in (before, after)) else ASIDE), quoted
    if mark == "'":
        if not quoted and before in ("s", "S") and not after.isalnum():
            return POSSESSIVES, False
        return QUOTE, not quoted and after.isalnum()
    if mark == "&":
        return "and", quoted
    if mark == "_" or (mark == "*" and not (before.isdigit() and after.isdigit()) and (before + after).strip()):
        return "", quoted
    return ("" if mark == "\\" and after and not after.isalnum() else mark), quoted


def _compound(piece: str, cased: bool, opens: bool, previous: str) -> list[str]:
    """Return the words of a piece that may have hyphens."""
    if "-" not in piece:
        return _word(piece, cased, opens)
    whole = piece.casefold()
    prefix = JOINED_PREFIX.match(whole)
    lower = whole.replace("-", "", 1) if prefix else whole
    if "-" not in lower:
        return _word(lower, cased, opens)
    parts = lower.split("-")
    if len(parts) == 2 and parts[0] in NUMBER_WORDS and parts[1] in NUMBER_WORDS:
        tens, units = int(NUMBER_WORDS[parts[0]]), int(NUMBER_WORDS[parts[1]])
        return [str(tens + units) if tens >= 20 and 0 < units < 10 else f"{tens}-{units}"]
    if parts == ["no", "one"]:
        return ["no-one"]
    after_number = previous in NUMBER_WORDS or previous[:1].isdigit()
    # "20 five-year plans", "two year-old children": the hyphen says what the number counts.
    if after_number and parts[0] in NUMBER_WORDS:
        return ["-", *parts]
    # "three hundred-bed wards", "small business-support": it says what belongs together.
    if previous in SIZES or (after_number and parts[0] in ("hundred", "thousand", "million")):
        return [lower]
    # "Trust-run homes" is what trusts run, "trusts run homes" is what they do.
    if (parts[-1] in MADE_BY or parts[-1][-2:] == "ed") and parts[-1] not in MADE_IN and parts[0] not in MADE_HOW:
        return [lower]
    # "six-monthly reviews" come twice a year, "six monthly reviews" are six.
    if parts[0] in NUMBER_WORDS or parts[0].isdigit():
        return [lower]
    if parts[0] in BOUND_PREFIXES or not HYPHEN_COUNTS.isdisjoint((parts[0], parts[-1])):
        return [lower]
    if after_number and parts[0] in MEASURES:
        return [lower]
    split = parts if prefix else piece.split("-")
    return [word for at, part in enumerate(split) for word in _word(part, cased, opens and at == 0)]


def _word(piece: str, cased: bool, opens: bool) -> list[str]:
    """Return a word in lower case, a contraction as the words that it stands for."""
    lower = piece.casefold()
    if "'" in lower:
        return _contraction(lower)
    if lower == "cannot":
        return ["can", "not"]
    if cased and piece[:1].isupper():
        if piece.isupper() and len(piece) > 1:
            return ["^" + lower] if lower in ACRONYMS else [lower]
        if not opens and (lower in NAMES or piece == "A"):
            return ["^" + lower]
    return [lower]


def _contraction(lower: str) -> list[str]:
    """Return the words that a word with an apostrophe stands for; "'d" may be two things and stays."""
    head, _, tail = lower.rpartition("'")
    if lower.endswith("n't"):
        verb = CONTRACTIONS.get(lower, lower[:-3])
        return [verb, "not"] if verb else ["not"]
    if lower == "let's":
        return ["let", "us"]
    if tail == "s":
        return [head, "is" if head in IS_AFTER else POSSESSIVE]
    expanded = {"re": "are", "ve": "have", "ll": "will", "m": "am"}.get(tail)
    return [head, expanded] if expanded and head else [lower]


# ---------------------------------------------------------------- what carries no meaning


def _without_idle_quotes(lexemes: list[str]) -> list[str]:
    """Return the lexemes without quotation marks around the whole text, or around a term of two to six words.

    One word in quotes may be meant the other way round (a “free” service), and a quoted “we” is somebody else.
    """
    at = [place for place, lexeme in enumerate(lexemes) if lexeme == QUOTE]
    if len(at) == 2 and at[0] == 0 and all(lexeme == BREAK for lexeme in lexemes[at[1] + 1 :]):
        return [lexeme for lexeme in lexemes if lexeme != QUOTE]
    if len(at) % 2:
        return lexemes
    idle = set()
    for first, last in zip(at[::2], at[1::2], strict=True):
        term = lexemes[first + 1 : last] if last - first <= 7 else []
        if len(term) >= 2 and all(map(_is_word, term)) and term[-1] != "not" and WHOSE_WORDS.isdisjoint(term):
            idle |= {first, last}
    return [lexeme for place, lexeme in enumerate(lexemes) if place not in idle]


def _without_connectives(lexemes: list[str]) -> list[str]:
    """Return the lexemes without words that only say that more is being said, and without marks that end nothing."""
    out: list[str] = []
    for lexeme in lexemes:
        if lexeme not in SAYS_MORE:
            out.append(lexeme)
            continue
        begins = not out or out[-1] == BREAK
        if begins and lexeme in IDLE_MARKS:
            continue
        if lexeme in CONNECTIVES:
            if _is_scoped(out):
                out.append(lexeme)  # "A commissioner should not also be a provider": they may be one, not both.
            continue
        if lexeme == COMMA and out[-1] == "addition" and out[-2:-1] == ["in"] and (len(out) == 2 or out[-3] == BREAK):
            del out[-2:]
            continue
        if lexeme == BREAK and out[-1] in (COMMA, ASIDE):
            out.pop()
            if not out or out[-1] == BREAK:
                continue
        out.append(lexeme)
    while out and out[-1] in IDLE_MARKS:
        out.pop()
    return out


def _is_scoped(out: Sequence[str]) -> bool:
    """Return whether a sentence so far denies or limits what comes next."""
    sentence = reversed(out)
    return any(lexeme in SCOPING for lexeme in takewhile(lambda lexeme: lexeme != BREAK, sentence))


SCOPING = _set("not no never nor cannot none nobody nothing neither no-one only unless if except without hardly rarely")


def _without_frames(lexemes: list[str]) -> list[str]:
    """Return the lexemes without a report, at the beginning of a sentence, that the group held what follows."""
    out: list[str] = []
    at = 0
    while at < len(lexemes):
        if lexemes[at] in FRAMES_BEGIN:
            at += _frame(lexemes, at)
        end = _sentence_end(lexemes, at) + 1
        out += lexemes[at:end]
        at = end
    return out


def _sentence_end(lexemes: list[str], at: int) -> int:
    try:
        return lexemes.index(BREAK, at)
    except ValueError:
        return len(lexemes)


def _frame(lexemes: Sequence[str], at: int) -> int:
    """Return how many lexemes from ``at`` on only report that the group held what follows."""
    start = list(lexemes[at : at + 12])
    length = 0
    if start[:1] == ["it"]:
        be = 2 if start[1:2] in (["is"], ["was"]) else 3 if start[1:3] in (["has", "been"],) else 0
        length = be + 1 if be and start[be : be + 1] and start[be] in HELD else 0
        if length and start[length : length + 1] == ["by"]:
            held_by = start[length + 1 : start.index("that", length) if "that" in start[length:] else None]
            by_group = tuple(held_by) in THE_GROUP and "that" not in start[length + 2 + len(held_by) :]
            length += 1 + len(held_by) if by_group else 0
    elif start[:2] == ["there", "was"] or start[:2] == ["there", "is"]:
        noun = 3 if start[2:3] == ["a"] else 2
        length = noun + 1 if start[noun : noun + 1] in (["consensus"], ["agreement"]) else 0
    else:
        for group in THE_GROUP:
            verb = len(group)
            if tuple(start[:verb]) == group:
                verb += start[verb : verb + 1] in (["has"], ["have"])
                if start[verb : verb + 1] and start[verb] in (HELD | HELD_NOW):
                    length = verb + 1
    told = start[length + 1 : length + 2]
    if not length or start[length : length + 1] != ["that"] or not told or not _is_word(told[0]):
        return 0
    # "The group felt that was wrong", "they agreed that day to fund homes": there "that" is part of what they did.
    if told[0] in AUXILIARIES or told[0] in EACH or told[0] in ("morning", "afternoon", "evening"):
        return 0
    passive = start[0] in ("it", "there")
    return length + 1 if passive or told[0] in ARTICLES or _has_verb(lexemes, at + length + 1) else 0


def _has_verb(lexemes: Sequence[str], at: int) -> bool:
    """Return whether what follows may be a sentence of its own; "we accepted that money from the trust" is not one."""
    rest = lexemes[at : at + 60]
    sentence = rest[: rest.index(BREAK)] if BREAK in rest else rest
    return any(word in AUXILIARIES or word.endswith(("s", "ed")) for word in sentence)


def _without_idle_words(lexemes: list[str]) -> list[str]:
    """Return the lexemes without articles and commas, save where they carry meaning."""
    out: list[str] = []
    last = len(lexemes) - 1
    counting = _commas_that_count(lexemes) if COMMA in lexemes else frozenset()
    opens = False  # Whether a place or time that opens the sentence may still end here.
    before = BREAK
    for at, lexeme in enumerate(lexemes):
        if before == BREAK:
            opens = lexeme in OPENS_WITH_PLACE and lexemes[at + 1 : at + 2] != ["example"]
        previous, before = before, lexeme
        if lexeme not in WEIGHED:
            out.append(lexeme + "+" if lexeme[-1] == "s" and _is_share(lexemes, at) else lexeme)
            continue
        after = lexemes[at + 1] if at < last else ""
        if lexeme == COMMA:
            if at not in counting:
                continue
            opens = False
        elif lexeme in ARTICLES:
            if opens and _is_word(previous) and previous not in GRAMMAR and previous not in OPENS_WITH_PLACE:
                out.append(COMMA)
                opens = False
            if not _article_counts(lexeme, previous, after, lexemes[at + 2] if at + 1 < last else ""):
                continue
            lexeme = "a" if lexeme == "an" else lexeme
        elif lexeme in ("which", "that"):
            # "a model which focused on", "a model focused on": one of few verbs with the same sense in both voices.
            if after in ("focused", "focussed", "centred") and lexemes[at + 2 : at + 3] == ["on"]:
                continue
        elif lexeme in SAME_PAST:
            # "the cuts" are cuts; "the council cuts" and "the council cut" are two times.
            if previous in ARTICLES or (previous in PREPOSITIONS and previous != "to"):
                lexeme = lexeme[:-1]
        elif lexeme[-1] == "s" and _is_share(lexemes, at):
            lexeme += "+"
        elif _is_done(lexemes, at):
            lexeme = lexeme.removesuffix("s") + "~"
        out.append(lexeme)
    return out


WEIGHED = ARTICLES | {COMMA, "this", "which", "that"} | SAME_PAST | DOINGS | {word + "s" for word in DOINGS}


def _is_done(lexemes: Sequence[str], at: int) -> bool:
    """Return whether a word that may be a thing or a doing is done: "users support groups", not "user support groups".

    It is if one of it and the word before it has an ``s``, as subject and verb do; and a thing in the singular that
    does something has an article ("the council plans for carers", but not "council plans for carers").
    """
    before = lexemes[at - 1] if at else ""
    if len(before) < 3 or not before.isalpha() or before in GRAMMAR:
        return False
    if lexemes[at] in DOINGS:
        return before[-1] == "s" and _form(before) != before
    if _form(before) != before:
        return False
    earlier = lexemes[max(0, at - 5) : at - 1]
    return "a" in earlier or "an" in earlier or (before in DOERS and "the" in earlier[-2:])


def _is_share(lexemes: Sequence[str], at: int) -> bool:
    """Return whether the word is what a share is taken of: most of the services, most of the service."""
    at -= 1
    named = at
    while at > max(-1, named - 2) and (lexemes[at] in ARTICLES or lexemes[at] in WHOSE):
        at -= 1
    if at >= 0 and lexemes[at] == "of":
        at -= 1
    return 0 <= at < named and lexemes[at] in SHARES


FLOATING = _set("often usually sometimes")


def _with_often_inside(lexemes: list[str]) -> list[str]:
    """Return the lexemes with an "often" that begins a clause moved to its verb: "often their voice is ignored".

    Only past a few plain words, to the first ``is`` or ``was``; so it never enters or leaves another clause.
    """
    if FLOATING.isdisjoint(lexemes):
        return lexemes
    out: list[str] = []
    floating = ""
    plain = 0
    for at, lexeme in enumerate(lexemes):
        if floating:
            plain += 1
            if lexeme in ("is", "are", "was", "were"):
                out += [lexeme, floating]
                floating = ""
                continue
            if plain > MOST_PLAIN or lexeme in GRAMMAR or not (_is_word(lexeme) or lexeme in (POSSESSIVE, POSSESSIVES)):
                out.insert(len(out) - plain + 1, floating)
                floating = ""
        elif lexeme in FLOATING and _clause_begins(out) and lexemes[at + 1 : at + 2] and lexemes[at + 1] not in CLAUSES:
            floating, plain = lexeme, 0
            continue
        out.append(lexeme)
    if floating:
        out.insert(len(out) - plain, floating)
    return out


CLAUSES = _set(
    """when while whilst because where what how who which whose that if as since although though whenever unless
    until why"""
)
"""With these a clause begins that an "often" before it does not belong to."""


def _clause_begins(out: Sequence[str]) -> bool:
    return (
        not out
        or out[-1] == BREAK
        or (out[-1] == "that" and len(out) > 1 and out[-2] in HELD | {"said", "thought", "suggested"})
    )


def _commas_that_count(lexemes: list[str]) -> frozenset[int]:
    """Return the places of the commas that may change what is said."""
    counting: list[int] = []
    start = 0
    while start < len(lexemes):
        end = _sentence_end(lexemes, start)
        sentence = lexemes[start:end]
        commas = [at for at, lexeme in enumerate(sentence) if lexeme == COMMA]
        if commas:
            last = {lexeme: at for at, lexeme in enumerate(sentence)}
            seen: set[str] = set()
            done = 0
            for many, at in enumerate(commas):
                seen.update(sentence[done:at])
                done = at
                if _comma_counts(sentence, at, seen, last, commas[: min(many, 2)]):
                    counting.append(start + at)
        start = end + 1
    return frozenset(counting)


def _comma_counts(
    sentence: Sequence[str], at: int, seen: set[str], last: Mapping[str, int], commas: Sequence[int]
) -> bool:
    """Return whether a comma may change what is said; ``seen``, ``commas``: before it, ``last``: the last places.

    Between two words that are more than grammar it may part a list ("trusts, councils"), call on somebody ("let us
    eat, commissioners") or end an opening ("In Leeds, council staff", "In Leeds council, staff").
    """
    before = sentence[at - 1] if at else BREAK
    after = sentence[at + 1] if at + 1 < len(sentence) else ""
    if at <= 2 and sentence[:at] in (["therefore"], ["for", "example"]):
        return False
    if before in COMMA_COUNTS_AFTER or before in COMMA_COUNTS_BESIDE:
        return True
    if after in COMMA_COUNTS_BESIDE or after in COMMA_COUNTS_BEFORE:
        return True
    if after in JOINING:
        return not _joins_as_without_comma(sentence, at, seen, last, commas)
    if after in AUXILIARIES:
        return False
    if after not in COMMA_IDLE_BEFORE or not REACHES.isdisjoint(seen):
        return True
    # "Areas, where trust grew" are all of them; "a model, where" is one in any case.
    return after in ("where", "when") and "a" not in sentence[max(0, at - 6) : at]


def _joins_as_without_comma(
    sentence: Sequence[str], at: int, seen: set[str], last: Mapping[str, int], commas: Sequence[int]
) -> bool:
    """Return whether "and" or "or" joins the same things with a comma before it: a list, two sentences, two verbs.

    "Carers, and staff in Leeds" are not "carers and staff in Leeds".
    """
    if not NEGATIVES.isdisjoint(seen) or last.get("or" if sentence[at + 1] == "and" else "and", -1) > at:
        return False
    if at + 2 < len(sentence) and sentence[at + 2] in AUXILIARIES:
        return True
    if commas:
        # In "the chair, Jane Smith, and the clerk" there may be two people or three.
        first = commas[0]
        named = not ARTICLES.isdisjoint(sentence[max(0, first - 3) : first]) or sentence[first + 1] in ARTICLES
        return len(commas) > 1 or not named
    if not JOINING.isdisjoint(seen) or AUXILIARIES.isdisjoint(seen):
        return False
    return last[COMMA] == at and any(last.get(auxiliary, -1) > at for auxiliary in AUXILIARIES)


def _article_counts(article: str, before: str, after: str, then: str) -> bool:
    if not _is_word(after) or after in AUXILIARIES or after in PREPOSITIONS:
        return True  # option A, the letter "a"
    if after in ARTICLE_COUNTS_BEFORE or before in ARTICLE_COUNTS_AFTER or after[:1].isdigit():
        return True
    if article != "the" and after in EACH and before not in PREPOSITIONS:
        return True
    if before in JOINING and after[-1:] != "s":
        return True  # "a chair and treasurer" is one person
    return before in PREPOSITIONS and (after in INSTITUTIONS or (before == "in" and then == "of"))


# ---------------------------------------------------------------- one form for each word


FOLDED_TOGETHER = (
    {"cent", "table", "upon", "order", "one", "eg", "been", "got", "discussion", "discussions"} | SCALES.keys()
    | {word[at:] for word in JOINED for at in range(1, len(word))}
)  # fmt: skip
"""What may be one with the word before it."""


def _folded(lexemes: list[str]) -> list[str]:
    """Return the lexemes with each word in one form: of spelling, number words, agreement and plural."""
    out: list[str] = []
    last = len(lexemes) - 1
    for at, lexeme in enumerate(lexemes):
        before = out[-1] if out else ""
        if before in ("more", "less") and lexeme.endswith("s"):
            out.append(lexeme)  # "more trust" is another thing than "more trusts"
            continue
        if lexeme not in FOLDED_TOGETHER and not lexeme[0].isdigit():
            out.append(_form(lexeme))
            continue
        after = lexemes[at + 1] if at < last else ""
        if lexeme == "cent" and before == "per":
            out[-1] = "%"
        elif lexeme == "table" and before == "round":
            out[-1] = "roundtable"
        elif lexeme in SCALES and before[-1:].isdigit() and (lexeme == "bn" or (out[-2:-1] and out[-2] in CURRENCIES)):
            out.append(SCALES[lexeme])
        elif lexeme == "one" and before == "no":
            out[-1] = "no-one"
        elif lexeme == "upon" and (before in UPON_IS_ON or (before == "as" and out[-2:-1] == ["well"])):
            out.append("on")
        elif lexeme == "order" and after == "to" and before == "in" and (len(out) == 1 or out[-2] == BREAK):
            out.pop()
        elif lexeme == "eg":
            out += ["for", "example"]
        elif lexeme in ("been", "got") and before == "is" and out[-2:-1] and out[-2] in IS_AFTER:
            out[-1] = "have"  # it's been
            out.append(lexeme)
        elif lexeme[:1].isdigit() and lexeme[-2:] in ("st", "nd", "rd", "th") and after in MONTHS:
            out.append(lexeme[:-2])
        elif before + lexeme in JOINED and before and _is_word(lexeme):
            out[-1] = _form(before + lexeme)
        else:
            out.append(_form(lexeme))
        # Every session is a round table: the words add nothing to its discussion.
        if out[-1:] == ["discussion"] and out[-2:-1] == ["roundtable"]:
            del out[-2]
    return out


@lru_cache(maxsize=65536)
def _form(word: str) -> str:
    """Return the one form that stands for a word in all its spellings and for its plural."""
    word = SPELLINGS.get(word, word)
    if word in NUMBER_WORDS or word in ORDINAL_WORDS:
        return NUMBER_WORDS.get(word) or ORDINAL_WORDS[word]
    if word in IRREGULAR:
        return IRREGULAR[word]
    if not word.isascii() or not word.isalpha() or not 3 < len(word) <= 40:
        return word
    if word not in ALWAYS_Z:
        word = IZE.sub("is", word)
    return _singular(word)


_STEMMER = EnglishStemmer()


def _singular(word: str) -> str:
    """Return a word without the ``s`` of a plural or of the third person, if Snowball finds the same stem without it.

    ``-ed`` and ``-ing`` stay: they tell the voice (funded, funding bodies) and the tense. So do endings that make
    another word (commissioner, commissioning), which Snowball's stem alone would not tell apart.
    """
    if word[-1] != "s" or word in NOT_PLURALS or word in SAME_PAST or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith(("ings", "ics")) and word not in PLURALS_IN_ING_OR_IC:
        return word
    if word.endswith("ies") and len(word) > 4:
        singular = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        singular = word[:-2]
    else:
        singular = word[:-1]
    return singular if _stem(singular) == _stem(word) else word


def _stem(word: str) -> str:
    stem: str = _STEMMER.stemWord(word)
    return stem


def _is_word(lexeme: str) -> bool:
    return lexeme.isalnum() or (lexeme not in (POSSESSIVE, POSSESSIVES) and any(map(str.isalnum, lexeme)))


# ---------------------------------------------------------------- what stands alone

GRAMMAR = (
    AUXILIARIES | PREPOSITIONS | ARTICLES | BE
    | _set("and or but nor so yet that which who this these those it they he she we you i not no as than if then there")
    | _set("agreed recognised acknowledged noted felt concluded accepted member group")
)  # fmt: skip
POINTS_BACK = _set(
    "this these that those it they them he she him his her hers their theirs its such same latter former above"
)
POINTING_ONE = _set("both neither either each all some many most few several others another none one two three the")
BACKWARD = _set("likewise similarly conversely otherwise instead ditto or nor yes no")
BEFORE_POINTING = PREPOSITIONS | _set(
    """because despite as after before when if while whilst although though where unless until once since given like
    besides"""
)
WHO = _set("who whose whom that which with without at in on from under")
EXPLETIVE = _set(
    """important essential vital necessary crucial critical possible impossible difficult hard easy clear unclear
    likely
    unlikely better best useful helpful right wrong agreed recognised recognized acknowledged noted felt concluded
    accepted
    suggested proposed recommended considered thought believed argued reported observed highlighted stressed
    emphasised
    emphasized feared hoped hard harder easier sensible unreasonable reasonable desirable apparent evident"""
)


def _stands_alone(text: str, lexemes: Sequence[str]) -> bool:
    if text.rstrip(" \t\r\n*_\"'”’").endswith(":"):
        return False
    start = [lexeme for lexeme in lexemes[:14] if lexeme not in (COMMA, QUOTE, ASIDE)]
    if _points_back(start):
        return False
    # "It was suggested that this ...", "Some members felt that this ...". In "Users felt that their ..." the text
    # names them.
    told = start[start.index("that", 2) + 1 :] if "that" in start[2:8] else []
    if not told or told[0] in AUXILIARIES:
        return True
    return not _points_back(told) if start[0] in ("it", "there") else told[0] not in ("this", "these", "such")


def _points_back(start: Sequence[str]) -> bool:
    """Return whether words at the beginning speak of something that was named before."""
    first, second, third = (*start[:3], "", "", "")[:3]
    if first in BACKWARD:
        return first not in ("no", "yes") or not _is_word(second) or second in AUXILIARIES
    if first == "it":
        return not _expletive(start)
    if first in ("those", "that") and second in WHO and first == "those":
        return False
    if first in POINTS_BACK or (first in ("the", "as") and second in POINTS_BACK):
        return True
    if first in POINTING_ONE and (second in AUXILIARIES or (second == "of" and third in POINTS_BACK | {"which"})):
        return True
    led = 2 if first in BEFORE_POINTING and second in PREPOSITIONS else 1 if first in BEFORE_POINTING else 0
    named = start[led + 1 : led + 2]
    return (
        bool(led)
        and start[led : led + 1] != []
        and start[led] in POINTS_BACK
        and not (start[led] == "those" and named and named[0] in WHO)
    ) or (first == "to" and third in ("this", "that", "so"))


def _expletive(start: Sequence[str]) -> bool:
    """Return whether "it" at the beginning stands for nothing: "it is important that", "it was suggested that"."""
    at = 1
    while at < len(start) and (
        start[at] in AUXILIARIES or start[at] in ("not", "therefore", "more", "very") or start[at].endswith("ly")
    ):
        at += 1
    if start[at + 1 : at + 2] == ["by"] and "that" in start[at + 2 : at + 8]:
        return start[at] in EXPLETIVE  # "it was recognised by the council that"
    return at > 1 and start[at : at + 1] != [] and start[at] in EXPLETIVE and start[at + 1 : at + 2] in (
        ["that"], ["to"], ["for"], ["if"], ["whether"], ["how"], ["when"], ["why"], ["what"],
    )  # fmt: skip
