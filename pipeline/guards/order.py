"""The same words in another order: who does what to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.guards.amounts import MONTHS
from pipeline.guards.frames import reporting
from pipeline.guards.labels import Guard
from pipeline.guards.marks import Sentence
from pipeline.guards.words import ADVERBS, SILENT, split, stem_of, tells, word_at

SAME_WORDS = 0.75
"""From this share of common words on, their order is compared."""

TURNS = frozenset(split("""to from by for than before after into because not but over under against with if so"""))

PREPOSITIONS = frozenset(["to", "from", "by", "for", "into", "over", "under", "against", "with"])
"""Words that give what stands on each side of them another part: what comes before them and after may trade places."""

UNPLACED = (SILENT | ADVERBS) - TURNS
"""What may stand anywhere."""

MUTUAL = frozenset(
    stem_of(word)
    for word in split("""
    work meet agree collaborate cooperate share merge compare speak talk liaise""")
)

BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"])
PARTICIPLES = ("ed", "en", "ne", "wn", "nt", "pt", "ld", "de", "ht", "id", "ut", "et", "run", "und", "lt")
DETERMINERS = frozenset(("the", "a", "an", "their", "its", "all", "some", "many"))
JOINTS = frozenset(["of", "on", "for", "about", "in"])


def telling_places(words: Sequence[str], stems: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return where the words stand that tell something by their place, each with how often it was there before."""
    places: dict[tuple[str, int], int] = {}
    often = Counter(stems)
    seen: Counter[str] = Counter()
    for at, (word, stem) in enumerate(zip(words, stems, strict=True)):
        if word in UNPLACED:
            continue
        telling = word not in SILENT and not (word.endswith("ly") and len(word) > 4)
        dated = word in MONTHS and (word_at(words, at - 1)[:1].isdecimal() or word_at(words, at + 1)[:1].isdecimal())
        if word in TURNS or (telling and not dated and not reporting(words, at)):
            key = f"={word}" if often[stem] > 1 else stem
            places[key, seen[key]] = at
            seen[key] += 1
    return places


def by_order(a: Sentence, b: Sentence, alike: float) -> Iterator[Guard]:
    """Yield words that traded places about a third, and words that went over to another: who does what to whom.

    Clauses that change places leave no three words in reverse, nor does an adverb that moves, nor an active turned
    passive once its verb is left out of account.
    """
    if alike < SAME_WORDS:
        return
    shared = _shared_places(a, b)
    traded = _governed(a, b, shared) or _traded(a, b, shared) or _moved(a, b, shared) or _turned(a, b, shared)
    if traded:
        yield Guard(
            "order",
            " … ".join(a.said(i, i + 1) for i, _ in sorted(traded)),
            " … ".join(b.said(j, j + 1) for j in sorted(j for _, j in traded)),
        )


def _shared_places(a: Sentence, b: Sentence) -> list[tuple[int, int]]:
    """Return where the shared words stand on both sides; a word told twice counts where both sides tell it twice."""
    return sorted(
        (at, b.places[stem, count])
        for (stem, count), at in a.places.items()
        if (stem, count) in b.places
        and ((stem, 1) in a.places) == ((stem, 1) in b.places)
        and (stem, 2) not in a.places
        and (stem, 2) not in b.places
    )


def _traded(a: Sentence, b: Sentence, shared: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return three words that stand in reverse, if there are any: the outer two traded places about the middle one."""
    if all(one[1] < two[1] for one, two in pairwise(shared)):
        return ()
    if any(_passive(a, i) != _passive(b, j) for i, j in shared):
        return ()
    differ = [_voice(a, i) != _voice(b, j) for i, j in shared]
    turned = any(differ)
    for k, (i, j) in enumerate(shared):
        if differ[k] or (_mutual(a, i) and _mutual(b, j)) or (turned and a.words[i] in TURNS):
            continue
        reach = 3 if a.words[i] in PREPOSITIONS else len(a.words) + len(b.words)
        left = [pair for pair in shared[:k] if j < pair[1] <= j + reach and tells(a.words[pair[0]])]
        right = [pair for pair in shared[k + 1 :] if pair[1] < j and pair[0] <= i + reach and tells(a.words[pair[0]])]
        if left and right:
            trade = (left[-1], (i, j), right[0])
            if not _listed(a, trade[0][0], trade[2][0]) and not _compound(a, b, trade):
                return trade
    return ()


def _governed(a: Sentence, b: Sentence, shared: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return two words whose prepositions traded places: “to the council by the charity” and the other way."""
    if min(len(PREPOSITIONS.intersection(text.words)) for text in (a, b)) < 2:
        return ()
    placed = ((i, j, _preposition(a, i), _preposition(b, j)) for i, j in shared if tells(a.words[i]))
    pairs = [pair for pair in placed if pair[2] and pair[3] and pair[2] != pair[3]]
    for at, (i, j, mine, yours) in enumerate(pairs):
        for i_too, j_too, mine_too, yours_too in pairs[at + 1 :]:
            if mine == yours_too and yours == mine_too:
                return ((i, j), (i_too, j_too))
    return ()


def _preposition(text: Sentence, at: int) -> str:
    """Return the preposition right before a word, but for an article."""
    before = at - 1 - (word_at(text.words, at - 1) in DETERMINERS)
    return text.words[before] if before >= 0 and text.words[before] in PREPOSITIONS else ""


def _passive(text: Sentence, at: int) -> bool:
    after = text.words[at + 1 : at + 3]
    if "by" not in after or not text.words[at].endswith(PARTICIPLES):
        return False
    return after[:1] == ("by",) or (after[1:] == ("by",) and (after[0].endswith("ly") or not tells(after[0])))


def _voice(text: Sentence, at: int) -> bool:
    """Whether a word is a verb in the passive, by the look of it: “by” after it, or “were” before it."""
    if _passive(text, at):
        return True
    before = text.words[max(at - 3, 0) : at]
    return text.words[at].endswith(PARTICIPLES) and before[-1:] != ("to",) and not BE.isdisjoint(before)


def _compound(a: Sentence, b: Sentence, trade: Sequence[tuple[int, int]]) -> bool:
    """Whether one side puts in a row what the other joins with a preposition: “data sharing agreement”."""
    for text, places in ((a, sorted(i for i, _ in trade)), (b, sorted(j for _, j in trade))):
        other, across = (b, sorted(j for _, j in trade)) if text is a else (a, sorted(i for i, _ in trade))
        joined = not JOINTS.isdisjoint(other.words[across[0] : across[2]])
        if places[2] - places[0] == 2 and joined and JOINTS.isdisjoint(text.words[places[0] : places[2]]):
            return True
    return False


def _mutual(text: Sentence, at: int) -> bool:
    return (text.stems[at] in MUTUAL and "with" in text.words[at + 1 : at + 3]) or (
        text.words[at] == "with" and not MUTUAL.isdisjoint(text.stems[max(at - 2, 0) : at])
    )


def _listed(text: Sentence, at: int, end: int) -> bool:
    """Whether these words are told one after another, so that their order means nothing."""
    between = text.words[at + 1 : end]
    tight = all(not (tells(one) and tells(two)) for one, two in pairwise(between))
    joined = not {"and", "or", ","}.isdisjoint(between)
    return tight and joined and all(word in ("and", "or", ",", "the", "a") or tells(word) for word in between)


def _moved(a: Sentence, b: Sentence, shared: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return a word that goes with one shared word here, another there: “local authorities”, “local services”."""
    to_b = dict(shared)
    to_a = {j: i for i, j in shared}
    for i, j in shared:
        if not (tells(a.words[i]) and i + 1 in to_b and j + 1 in to_a and to_b[i + 1] != j + 1):
            continue
        mine, yours = (i + 1, to_b[i + 1]), (to_a[j + 1], j + 1)
        if not (tells(a.words[mine[0]]) and tells(b.words[yours[1]])):
            continue
        if (mine[1] < j or yours[0] < i) and not _compound(a, b, sorted(((i, j), mine, yours))):
            return ((i, j), mine, yours)
    return ()


def _turned(a: Sentence, b: Sentence, shared: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return a verb that is active here and passive there, with the same words before and after it."""
    if "by" not in a.words and "by" not in b.words:
        return ()
    for k in range(1, len(shared) - 1):
        (i, j), (after, then) = shared[k], shared[k + 1]
        active, passive = ((a, i), (b, j)) if not _passive(a, i) else ((b, j), (a, i))
        if _passive(a, i) == _passive(b, j) or "by" in (a.words[after], b.words[then]) or shared[k - 1][1] >= j:
            continue
        text, at = active
        follows = text.words[at + 1 : at + 4]
        direct = follows and (tells(follows[0]) or follows[0] in DETERMINERS)
        if tells(text.words[at]) and direct and then > j and not _passive(*active) and _passive(*passive):
            return (shared[k - 1], (i, j), (after, then))
    return ()
