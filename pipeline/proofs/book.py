"""The rules that an output is held to: one function, one rule, its sentence the docstring.

Each format has a ``Book`` of its own. A rule says what should hold, in plain English, and names who asks for it: a
clause of a standard, a criterion, a failure condition. What no program can judge stands in the book too, as a
question for a person, so that nobody takes silence for a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Output = Literal["PDF", "Word", "HTML", "mail"]

THE: Mapping[Output, str] = {"PDF": "the PDF", "Word": "the Word file", "HTML": "the HTML page", "mail": "the mail"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that should hold of an output.

    ``sentence`` says it in plain English; ``source`` names who asks for it. ``person`` is set
    where only a person can judge; the sentence is then the question to ask.
    """

    output: Output
    name: str
    sentence: str
    source: str
    person: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in an output.

    ``rule`` is named for what should hold; ``source`` is the clause of the standard that asks for
    it; ``sentence`` says it in plain English; ``near`` are words of the report at the place, where there
    are any, by which the line to mend can be found in the sources.
    """

    output: Output
    rule: str
    sentence: str
    source: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says of one place: the sentence, and words of the report at the place."""

    sentence: str
    near: str = ""


class UnreadableError(ValueError):
    """The bytes are not a file of the format that they should be."""


Opened = TypeVar("Opened")
"""An output, opened for reading: what the rules of its book look at."""

Find = Callable[[Opened], Iterator[Said]]


class Book(Generic[Opened]):
    """The rules of one format, in the order in which they were written down."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self._finds: dict[str, Find[Opened]] = {}
        self._rules: dict[str, Rule] = {}
        self._enter(Rule(output, "opens", _capital(f"{THE[output]} can be opened and read."), ""))

    def rule(self, source: str) -> Callable[[Find[Opened]], Find[Opened]]:
        """Return what writes a function into the book, under its name with hyphens; its docstring is the sentence.

        The function takes the opened output and yields what is wrong, a ``Said`` for each place.
        """

        def write_down(find: Find[Opened]) -> Find[Opened]:
            name = find.__name__.strip("_").replace("_", "-")
            self._enter(Rule(self.output, name, " ".join((find.__doc__ or "").split()), source))
            self._finds[name] = find
            return find

        return write_down

    def ask(self, name: str, question: str, source: str) -> None:
        """Write down what only a person can judge."""
        self._enter(Rule(self.output, name, question, source, person=True))

    def rules(self) -> tuple[Rule, ...]:
        """Return every rule of the book, in order."""
        return tuple(self._rules.values())

    def prove(self, open: Callable[[], Opened]) -> list[Fault]:
        """Return what is wrong with an output that ``open`` opens; where it raises ``UnreadableError``, that alone."""
        try:
            return self.faults(open())
        except UnreadableError as error:
            return [Fault(self.output, "opens", _capital(f"{THE[self.output]} cannot be read: {error}"))]

    def faults(self, opened: Opened) -> list[Fault]:
        """Return what every rule finds wrong, rule by rule; the same thing is said once."""
        found = (
            Fault(self.output, name, _capital(said.sentence), self._rules[name].source, said.near)
            for name, find in self._finds.items()
            for said in find(opened)
        )
        return list(dict.fromkeys(found))

    def share(self, finds: Iterable[tuple[Find[Opened], str]]) -> None:
        """Write down functions that several books share, each with its source."""
        for find, source in finds:
            self.rule(source)(find)

    def _enter(self, rule: Rule) -> None:
        if rule.name in self._rules:
            raise ValueError(f"two rules of the {rule.output} book are called {rule.name}")
        self._rules[rule.name] = rule


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
