"""Names stay in the room: who was there is looked for in the notes and in every place of every output."""

from pipeline.names.gate import gate, look, named_nowhere

__all__ = ["gate", "look", "named_nowhere"]
