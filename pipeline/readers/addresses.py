"""An address of mail, as a person types one: ``jane@example.org``, or ``Jane Doe <jane@example.org>``.

What is taken is what every mail program takes (RFC 5321, 4.1.2 and 4.5.3.1; RFC 5322, 3.4.1, without its comments and
its obsolete forms): a local part of plain letters or in quotation marks, and a domain of two names or more. A domain in
other letters comes back as mail carries it (IDNA 2008, RFC 5891): ``münchen.example`` is ``xn--mnchen-3ya.example``.
"""

from __future__ import annotations

import re

import idna

from pipeline.model import Recipient
from pipeline.readers.text import UNPRINTABLE, one_line

LONGEST_LINE = 600
"""How many characters a name with its address may have."""
LONGEST_LOCAL, LONGEST_DOMAIN, LONGEST_ADDRESS = 64, 253, 254
"""How many characters the two parts of an address, and the whole of it, may have (RFC 5321, 4.5.3.1, and 2.3.5)."""

UNSEEN = re.compile(f"{UNPRINTABLE.pattern}|[\t\n\u061c\u200e\u200f\u2060-\u2064]")
"""What no line of a mail's head may hold: what no text of ours holds, line breaks, marks that turn letters around."""

_NAMED = re.compile(r'(?P<name>[^<]*?)\s*<(?P<address>\s*"(?:[^"\\]|\\.)*"@[^<>]*|[^<>]*)>', re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"@(.*)', re.DOTALL)
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+", re.ASCII)
_QUOTABLE = re.compile(r"[ -~]*", re.ASCII)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)

AS_TYPED = "write it as you would in a mail: jane@example.org, or Jane Doe <jane@example.org>"


class NotAnAddress(Exception):
    """A text is no address that mail could go to: the rule it breaks, what is wrong, and what would put it right."""

    def __init__(self, rule: str, sentence: str, hint: str = AS_TYPED) -> None:
        super().__init__(sentence)
        self.rule = rule
        self.sentence = sentence
        self.hint = hint


_Refused = NotAnAddress


def read_recipient(text: str) -> Recipient:
    """Return whom a line such as ``Jane Doe <jane@example.org>`` names. Raises NotAnAddress."""
    _plain("the line", text)
    typed = text.strip()
    if named := _NAMED.fullmatch(typed):
        name, address = named["name"].strip(), named["address"].strip()
    elif "<" in typed or ">" in typed:
        raise _Refused("address-whole", f"in “{typed}” an address does not stand between < and > at the end")
    else:
        name, address = "", typed
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return recipient(address, name)


def recipient(address: str, name: str = "") -> Recipient:
    """Return whom this name and address are of, the address as mail carries it. Raises NotAnAddress."""
    _plain("the name", name)
    if "@" in name:
        one_each = "write each recipient on a line of its own, after “- ”"
        raise _Refused("address-whole", f"the name “{name}” has an @ in it, as if there were two addresses", one_each)
    return Recipient(as_mail_carries_it(address), one_line(name))


def as_mail_carries_it(address: str) -> str:
    """Return an address in ASCII, its domain in small letters. Raises NotAnAddress."""
    _plain("the address", address)
    typed = address.strip()
    if not typed:
        raise _Refused("address-whole", "there is no address here")
    if typed.lower().startswith("mailto:"):
        raise _Refused("address-whole", f"“{typed}” starts with “mailto:”, which is no part of an address")
    if quoted := _QUOTED.fullmatch(typed):
        local, domain = _quoted(typed, quoted[1]), quoted[2]
    else:
        local, at, domain = typed.rpartition("@")
        if not at:
            raise _Refused("address-whole", f"“{typed}” has no @, so it is no address")
        _check_atoms(typed, local)
    made = f"{local}@{_domain(typed, domain)}"
    if len(local) > LONGEST_LOCAL:
        sentence = f"“{typed}” has {len(local)} characters before the @, and {LONGEST_LOCAL} are the most"
        raise _Refused("address-whole", sentence)
    if len(made) > LONGEST_ADDRESS:
        sentence = f"“{typed}” has {len(made)} characters as mail carries it, and {LONGEST_ADDRESS} are the most"
        raise _Refused("address-whole", sentence)
    return made


def _plain(what: str, text: str) -> None:
    if len(text) > LONGEST_LINE:
        sentence = f"{what} has {len(text):,} characters, and a name with its address has {LONGEST_LINE} at most"
        raise _Refused("address-whole", sentence)
    if found := UNSEEN.search(text.strip("\n")):
        code = f"U+{ord(found[0]):04X}"
        raise _Refused(
            "mail-head-plain",
            f"{what} holds a line break or a character that is not seen ({code})",
            "delete it and the letters around it, and type them again; such characters come in with copied text",
        )


def _quoted(typed: str, within: str) -> str:
    """Return a local part in quotation marks, or without them where it needs none (RFC 5321, 4.1.2)."""
    if not within:
        raise _Refused("address-whole", f"“{typed}” has nothing before the @")
    if not _QUOTABLE.fullmatch(within):
        raise _other_letters(typed)
    bare = re.sub(r"\\(.)", r"\1", within)
    if _ATOM.fullmatch(bare) and not _empty_atom(bare):
        return bare
    escaped = re.sub(r'(["\\])', r"\\\1", bare)
    return f'"{escaped}"'


def _check_atoms(typed: str, local: str) -> None:
    """Raise NotAnAddress where a local part is no dot-atom (RFC 5322, 3.2.3)."""
    if "," in typed or ";" in typed:
        one_each = "write each recipient on a line of its own, after “- ”"
        raise _Refused("address-whole", f"“{typed}” has a comma or a semicolon in it", one_each)
    if "@" in local:
        raise _Refused("address-whole", f"“{typed}” has more than one @")
    if not local:
        raise _Refused("address-whole", f"“{typed}” has nothing before the @")
    if not local.isascii():
        raise _other_letters(typed)
    if not _ATOM.fullmatch(local):
        wrong = next(char for char in local if not _ATOM.fullmatch(char))
        shown = "a space" if wrong == " " else f"the mark {wrong}"
        raise _Refused("address-whole", f"“{typed}” has {shown} before the @")
    if _empty_atom(local):
        sentence = f"“{typed}” has a full stop at an end of what stands before the @, or two in a row"
        raise _Refused("address-whole", sentence)


def _empty_atom(local: str) -> bool:
    return "" in local.split(".")


def _other_letters(typed: str) -> NotAnAddress:
    """Return what is said of a local part that not every mail program can send to (RFC 6531)."""
    return _Refused(
        "address-in-ascii",
        f"“{typed}” has letters before the @ that not every mail program can send to",
        "ask for an address in plain letters; or take the line away, and add the address in your mail program",
    )


def _domain(typed: str, domain: str) -> str:
    """Return a domain as mail carries it (RFC 5321, 2.3.5 and 4.1.2; IDNA 2008 with the mapping of UTS 46)."""
    if not domain:
        raise _Refused("address-whole", f"“{typed}” has nothing after the @")
    if domain.startswith("["):
        raise _Refused("address-whole", f"“{typed}” names a computer by its number, which many mail programs refuse")
    carried = domain.lower()
    if not domain.isascii() or "xn--" in carried:
        try:
            carried = idna.encode(domain, uts46=True).decode("ascii")
            idna.decode(carried)
        except (idna.IDNAError, UnicodeError):
            raise _Refused("address-whole", f"“{domain}”, after the @ of “{typed}”, can be nobody's domain") from None
    labels = carried.split(".")
    if len(labels) < 2:
        raise _Refused("address-whole", f"“{typed}” has no full stop after the @, so its domain is not whole")
    if "" in labels:
        raise _Refused("address-whole", f"“{typed}” has a full stop at an end of its domain, or two in a row")
    if wrong := [label for label in labels if not _LABEL.fullmatch(label)]:
        raise _Refused("address-whole", f"“{wrong[0]}”, after the @ of “{typed}”, can be no part of a domain")
    if labels[-1].isdigit():
        raise _Refused("address-whole", f"“{typed}” ends in a number, and no domain does")
    if len(carried) > LONGEST_DOMAIN:
        sentence = f"“{typed}” has {len(carried)} characters after the @, and {LONGEST_DOMAIN} are the most"
        raise _Refused("address-whole", sentence)
    return carried
