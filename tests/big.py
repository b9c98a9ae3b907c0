"""A made-up learning group of any size: the same seed gives the same sources, on any machine.

Nothing in it was said by anyone. The texts are as long as those of a real session (a record
has 40 to 90 words, now and then a second paragraph), with a list, a pipe table, a footnote, emphasis or a
reference here and there, points under points, and a few decisions. Run it to lay the sources down:
``python tests/big.py FOLDER``.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import fill

import yaml

from pipeline.readers.notes import read_session
from pipeline.readers.yaml import read_yaml

THEMES = (
    "What partnership means", "Local need", "Devolved design and delivery", "Stakeholder engagement",
    "Managing change", "Shared investment and prevention", "Evidence and evaluation", "Skills and capacity",
)  # fmt: skip
PLACES = ("Havant", "Norwich", "Wakefield", "Poole", "Luton", "Birmingham", "Leeds", "Truro", "Carlisle", "Lincoln")
WHO = (
    "commissioners", "small voluntary organisations", "statutory agencies", "service users", "local partners",
    "primary care trusts", "county councils", "contracting authorities", "prime providers", "probation trusts",
    "members of the group", "people with lived experience", "elected members", "front-line staff", "funders",
)  # fmt: skip
DOES = (
    "need to understand", "rarely have the time to test", "should agree at the outset on", "have begun to share",
    "are well placed to explain", "lose sight of", "cannot afford to ignore", "ought to publish",
    "could do more to protect", "have to be involved in", "welcome early sight of", "disagree about",
    "take responsibility for", "tend to underestimate", "want a clearer account of",
)  # fmt: skip
WHAT = (
    "the real cost of a tender", "the needs of the neediest in the community", "outcomes that can be measured",
    "the risks that come with payment by results", "a common language for quality", "services that perform well",
    "the length of a contract", "how savings are counted", "the voice of the service user", "the pace of change",
    "local knowledge that no data set holds", "what happens when a contract ends", "the burden of reporting",
    "the case for early intervention", "social value", "the evidence behind an intervention", "shared premises",
    "who owns the data", "the transfer of staff", "a fair share of the financial risk",
)  # fmt: skip
WHEN = (
    "before a specification is written", "when budgets are cut at short notice", "at every stage of the process",
    "once the contract has been let", "in rural areas above all", "if trust is to grow between the sectors",
    "whatever the size of the organisation", "during the competitive dialogue", "as soon as the need is known",
    "even where the law does not ask for it", "across the boundaries of districts", "over the life of the programme",
    "unless there is a good reason not to", "with the help of an independent chair", "from one year to the next",
)  # fmt: skip
OPENING = (
    "It was felt that", "The group agreed that", "Several members said that", "It soon became apparent that",
    "One example showed that", "There was a strong view that", "Experience in two areas suggests that",
    "The discussion turned on whether", "It was also recognised that", "As one member put it,",
)  # fmt: skip
BOXES = (
    ("agencies", "people", "All agencies, their partners and local citizens"),
    ("rehabilitation", "activity", "Evidence based interventions with those who offend"),
    ("reoffending", "outcome", "Reduced reoffending"),
    ("savings", "fund", "Savings"),
    ("investment", "fund", "Shared community investment: communities keep a portion of the savings"),
    ("prevention", "activity", "Preventative interventions with those at risk"),
    ("entering", "outcome", "Fewer people entering the criminal justice system"),
    ("crime", "outcome", "Less crime"),
    ("benefits", "outcome", "Local communities benefit: new services, wellbeing and growth"),
)
ARROWS = (
    ("agencies", "rehabilitation", "effect", "work together to deliver"),
    ("rehabilitation", "reoffending", "effect", "known to be effective"),
    ("reoffending", "savings", "money", "savings made"),
    ("savings", "investment", "money", "a portion kept locally"),
    ("investment", "prevention", "money", "pooled and used to fund"),
    ("rehabilitation", "prevention", "effect", "at both ends of the system"),
    ("prevention", "entering", "effect", "stop those at risk entering"),
    ("entering", "crime", "effect", "reducing the level of crime"),
    ("crime", "savings", "money", "further savings to all agencies"),
    ("crime", "benefits", "effect", "the added advantages"),
)


def programme(sessions: int = 50, points: int = 40, seed: int = 2012) -> dict[str, bytes]:
    """Return the sources of a programme of this many sessions, each with this many learning points, all sound."""
    chance = random.Random(seed)
    files = {
        "sources/programme.yaml": _yaml(_programme(sessions, chance)),
        "sources/figures/reinvestment.yaml": _yaml(_figure()),
        **{
            f"sources/sessions/{number:02}-{_slug(_subject(number))}.yaml": _yaml(_session(number, points, chance))
            for number in range(1, sessions + 1)
        },
    }
    return files | {"sources/decisions.jsonl": _decisions(files)}


class _Dumper(yaml.SafeDumper):
    """Writes a text of more than one line as people do, as a block."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _yaml(value: object) -> bytes:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110).encode()


def _subject(number: int) -> str:
    return f"{WHAT[number % len(WHAT)].capitalize()} {WHEN[number % len(WHEN)]}"


def _slug(text: str) -> str:
    return "-".join(text.lower().replace(":", "").split()[:4])


def _month(number: int) -> str:
    return f"{2012 + number // 12}-{number % 12 + 1:02}"


def _programme(sessions: int, chance: random.Random) -> dict[str, object]:
    return {
        "title": "What we learned at a great many round tables",
        "group": "A learning group that was made up",
        "edition": "1.0",
        "date": "2026-11-22",
        "introduction": _paragraphs(3, chance),
        "sessions": [
            {
                "number": str(number),
                "subject": _subject(number),
                "place": chance.choice(PLACES),
                "date": _month(number),
            }
            for number in range(1, sessions + 1)
        ],
        "seminar": {"name": "An evening seminar", "when": "early next year", "record": _paragraphs(1, chance)},
        "themes": list(THEMES),
        "contact": "The secretariat, 020 7946 0000",
        "licence": "These words belong to nobody.",
    }


def _figure() -> dict[str, object]:
    number = {name: f"1.{at % 3 + 1}" for at, (name, _, _) in enumerate(BOXES)}
    return {
        "id": "reinvestment",
        "number": "1",
        "title": "The shared community investment model",
        "caption": "The shared community investment model. Redrawn from the notes of the session.",
        "nodes": [{"id": i, "kind": kind, "label": label, "point": number[i]} for i, kind, label in BOXES],
        "flows": [
            {"from": start, "to": end, "kind": kind, "label": label, "point": number[start]}
            for start, end, kind, label in ARROWS
        ],
    }


def _session(number: int, points: int, chance: random.Random) -> dict[str, object]:
    ids = list(_ids(number, points, chance))
    tops = [id for id in ids if id.count(".") == 1]
    under = {top: [id for id in ids if id.startswith(f"{top}.")] for top in tops}
    return {
        "session": str(number),
        "title": f"Round table {number}: {_subject(number)}",
        "date": _month(number),
        "context": _paragraphs(2, chance),
        "learning-points": [
            _point(top, tops, chance)
            | ({"points": [_point(id, tops, chance) for id in under[top]]} if under[top] else {})
            for top in tops
        ],
        "conclusion": _paragraphs(2, chance),
    }


def _ids(session: int, points: int, chance: random.Random) -> Iterator[str]:
    """Yield the ids of a session's points: now and then a point has three under it."""
    top, left = 0, points
    while left:
        top, left = top + 1, left - 1
        yield f"{session}.{top}"
        if left >= 3 and chance.random() < 0.08:
            left -= 3
            yield from (f"{session}.{top}.{number}" for number in range(1, 4))


def _point(id: str, tops: list[str], chance: random.Random) -> dict[str, object]:
    point: dict[str, object] = {
        "id": id,
        "slug": f"point-{id.replace('.', '-')}",
        "statement": f"{_sentence(chance)[:-1]} ({id}).",
        "theme": chance.choice(THEMES),
    }
    if chance.random() < 0.4:
        point["held"] = chance.choice(("all", "most", "some", "one"))
    if chance.random() < 0.5:
        point["for"] = sorted(chance.sample(WHO, chance.randint(1, 3)))
    return point | {"record": _record(tops, chance)}


def _record(tops: list[str], chance: random.Random) -> str:
    """Return a record: one paragraph or two, and now and then something more than paragraphs."""
    text = _paragraphs(1 if chance.random() < 0.7 else 2, chance)
    more = chance.random()
    if more < 0.06:
        items = "\n".join(f"- {_clause(chance)};" for _ in range(chance.randint(2, 5)))
        return f"{text}\nThese include:\n\n{items}\n"
    if more < 0.09:
        items = "\n".join(f"{at}. {_sentence(chance)}" for at in range(1, chance.randint(3, 5)))
        return f"{text}\n{items}\n"
    if more < 0.11:
        rows = "\n".join(
            f"| {chance.choice(WHO)} | {chance.choice(WHAT)} | {chance.randint(1, 99)} |" for _ in range(4)
        )
        return f"{text}\n| Who | What | Times named |\n| --- | --- | ---: |\n{rows}\n"
    if more < 0.15:
        return f"{text.rstrip()}[^1]\n\n[^1]: {_sentence(chance)}\n"
    if more < 0.18:
        return f"{text}\nSee also point {chance.choice(tops)}, and **{chance.choice(WHAT)}**.\n"
    if more < 0.20:
        return f"{text}\n> {_sentence(chance)}\n"
    return text


def _paragraphs(count: int, chance: random.Random) -> str:
    paragraphs = (
        " ".join([_sentence(chance, start=True), *(_sentence(chance) for _ in range(chance.randint(1, 2)))])
        for _ in range(count)
    )
    return "\n\n".join(fill(paragraph, 96) for paragraph in paragraphs) + "\n"


def _sentence(chance: random.Random, start: bool = False) -> str:
    text = _clause(chance)
    if chance.random() < 0.4:
        text += f", and {_clause(chance)}"
    return f"{chance.choice(OPENING)} {text}." if start else f"{text[0].upper()}{text[1:]}."


def _clause(chance: random.Random) -> str:
    return f"{chance.choice(WHO)} {chance.choice(DOES)} {chance.choice(WHAT)} {chance.choice(WHEN)}"


def _decisions(files: Mapping[str, bytes]) -> bytes:
    """Return the log of decisions: of each session two neighbouring points are judged the same."""
    lines = []
    for name, data in files.items():
        tree, _ = read_yaml(data.decode(), name)
        if not name.startswith("sources/sessions/") or tree is None:
            continue
        session = read_session(tree).value
        if session is None or len(session.points) < 2:
            continue
        a, b = session.points[0], session.points[1]
        decision = {
            "a": a.id,
            "b": b.id,
            "judgement": "same",
            "who": "the editor",
            "when": "2026-11-22",
            "why": "Both say the same in other words.",
            "a_words": a.mark,
            "b_words": b.mark,
            "wording": a.id,
        }
        lines.append(json.dumps(decision, ensure_ascii=False))
    return ("\n".join(lines) + "\n").encode()


if __name__ == "__main__":
    for name, data in programme().items():
        path = Path(sys.argv[1], name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
