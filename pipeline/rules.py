"""The rule book: every rule that notes are held to, with its sentence.

The rules of ``checks`` speak for themselves, in their docstrings; those of the files stand in
``workspace``. Those of the readers stand here, because one reader holds a file to many rules at once.
"""

from __future__ import annotations

from pipeline import workspace
from pipeline.checks import RULES

READING = {
    "programme-there": "There is a programme: what the group is, its sessions and its themes.",
    "plain-text": "Notes are plain text files.",
    "utf-8": "Notes are saved as UTF-8.",
    "no-control-characters": "A text holds no characters that cannot be printed.",
    "not-empty": "A file of notes is not empty.",
    "not-too-large": "A file, and each text in it, is no larger than a person can write.",
    "not-too-deep": "Lists, keys, quotations and marks do not stand deep inside each other.",
    "one-document": "A file holds one document.",
    "no-tabs": "Lines are indented with spaces, not with tabs.",
    "no-anchors": "A text stands where it is meant: no anchors (&) and no aliases (*).",
    "no-tags": "The schema decides what a value is: no tags (!).",
    "no-directives": "A file of notes gives the reader no directives (%).",
    "no-merge-keys": "Each mapping is written out: no merge keys (<<).",
    "keys-are-words": "A key is a word.",
    "keys-once": "A key stands once in its mapping.",
    "lines-line-up": "Keys of one mapping start in the same column.",
    "bullets-line-up": "Items of one list start in the same column.",
    "quotes-closed": "A quotation mark that opens a value is closed.",
    "brackets-closed": "A bracket that opens a list or mapping is closed.",
    "commas-between-items": "Items in brackets are parted by commas.",
    "colons-in-quotes": "A value that holds a colon and a space stands in quotation marks or in a block.",
    "marks-in-quotes": "A value that starts with a mark that YAML keeps for itself stands in quotation marks.",
    "spaces-after-marks": "A space follows a bullet's hyphen and a key's colon.",
    "comments-have-a-space": "A comment starts with # and a space.",
    "comments-have-a-line": "A comment stands on a line of its own, or after quotation marks or brackets.",
    "spaces-break": "A line is indented, and a key or a bullet followed, by spaces that the space bar makes.",
    "blocks-start-below": "The text of a block starts on the line below its sign (| or >).",
    "backslashes-doubled": "A backslash in double quotation marks is written twice.",
    "yaml-syntax": "A file of notes is YAML.",
    "shape": "A value has the shape that its key asks for: a text, a list or a mapping.",
    "key-known": "A key is one of those that its mapping has.",
    "key-present": "What a mapping needs is there.",
    "text-present": "A text that is begun is written.",
    "date-exists": "A date is one that is in the calendar.",
    "choice-known": "A value with a few choices is one of them.",
    "text-kept": "Every letter of a text comes through Markdown.",
    "no-pictures-in-notes": "A note holds words; pictures are figures.",
    "links-lead-somewhere-safe": "A link in a note has words, and leads to the web or to a mail address.",
    "lists-and-tables-are-seen": "A list or a table is written so that Markdown sees it.",
    "lists-start-low": "A number that starts a line is the number of a list.",
    "footnotes-stand-alone": "A footnote stands in the text that cites it, and holds no other footnote.",
    "decision-whole": "A line of the log of decisions is a whole decision.",
    "decision-fresh": "A decision is about the words as they now stand.",
    "agreement-whole": "A line of the log of agreements is a whole agreement.",
    "wording-of-a-member": "A finding has the wording of a learning point that is told in it.",
    "number-whole": "A line of the log of numbers is the whole number of a finding.",
    "proposal-whole": "A line of the list of proposals is a whole proposal.",
    "decisions-agree": "Decisions do not contradict each other.",
    "letters-drawn": "Every letter of the notes can be drawn in the PDF.",
    "brief-on-one-page": "The report in brief fits on one page.",
    "colour-written": "A colour is # and six digits or letters from A to F.",
    "contrast-holds": "Text stands out from every ground it is set on, by 4.5 to 1 or more.",
    "house-file-there": "A font or logo that the house names stands beside house.yaml.",
    "font-whole": "A font file is one style of a TrueType or OpenType font, whole and not variable.",
    "font-family": "A family has the name that its files have, by which every program finds it.",
    "font-style": "A font file is of the style that it is named for.",
    "font-letters": "A font has the letters and marks of English.",
    "font-carried": "A font's maker lets documents carry it.",
    "logo-whole": "A logo is a PNG, whole and still, with nothing after its end.",
    "logo-size": "A logo is 10 to 160 millimetres wide and 60 high at most.",
    "logo-sharp": "A logo has 150 pixels to the inch or more.",
    "template-sound": "A Word template is a whole .docx file that runs nothing and fetches nothing.",
    "template-styles": "A Word template has the styles that the report uses.",
    "template-contrast": "The letters of a Word template stand out from their ground.",
    "template-cover": "A cover in a Word template has a place for each thing that a cover says.",
    "template-picture": "A picture in a Word template is a PNG, JPEG or GIF, and has an alternative in words.",
    "template-page-numbers": "A Word template numbers its pages.",
    "names-stay-in-the-room": "Nobody who was in the room is named in any output, unless the programme says why.",
    "named-is-there": "What may be named stands in the notes.",
    "figure-in-large-print": "A figure in large print has letters of 16 points where its page allows.",
    "circulation-there": "A report goes out to people who are named, with words that somebody wrote.",
    "address-whole": "An address is one that mail can go to, and stands alone or after a name, between < and >.",
    "address-in-ascii": "An address has plain letters before its @, which every mail program can send to.",
    "address-once": "An address is told once.",
    "mail-head-plain": "A subject, a name or an address is one line of letters that are seen.",
    "placeholder-known": "What stands in braces in a subject or covering note can be filled in.",
    "braces-paired": "A brace that is meant as such is written twice.",
    "headlines-alone": "The headlines have a line of the covering note to themselves.",
    "covering-note-whole": "A covering note says the report in brief, what is awaited, and whom to ask.",
    "leave-out-some": "A mail leaves each format out once, and never all of them.",
    "mail-small-enough": "A mail is no larger than mail servers take, or than circulation.yaml says.",
    "edition-stays": "An edition that went out stays as it is; what is changed goes out under a new number.",
    "edition-whole": "The record of an edition is as the program wrote it.",
    "figure-legible": "No letter of a figure is printed smaller than nine points.",
}

RULE_BOOK: dict[str, str] = (
    dict(workspace.RULES)
    | READING
    | {rule.__name__.replace("_", "-"): " ".join((rule.__doc__ or "").split()) for rule in RULES}
)
"""Each rule's name and sentence."""
