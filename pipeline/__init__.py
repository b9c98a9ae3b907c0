"""From the notes of a learning group's round-table sessions to one report.

Word, PDF and HTML are written from one document value; each line of it leads
back to the note it came from.
"""

__version__ = "0.1.0"
