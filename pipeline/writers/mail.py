"""A mail that a person sends: a draft in a file, which a mail program opens to be looked at, changed and sent."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.policy import SMTP


def draft(subject: str, text: str) -> bytes:
    """Return a mail to be sent by a person, as the bytes of an ``.eml`` file: no sender, no recipients, no date.

    The same arguments give the same bytes. Raises ValueError where the subject holds a line break.
    """
    mark = hashlib.sha256(f"{subject}\n{text}".encode()).hexdigest()[:32]
    mail = EmailMessage(SMTP)
    mail["X-Unsent"] = "1"
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{mark}@roundtable.invalid>"
    mail.set_content(text, cte="quoted-printable")
    return mail.as_bytes()
