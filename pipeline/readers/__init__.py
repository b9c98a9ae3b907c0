"""Readers: one file per source format, from bytes to values and remarks."""
