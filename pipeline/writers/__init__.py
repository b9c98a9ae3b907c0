"""One file per output format: document in, bytes out."""
