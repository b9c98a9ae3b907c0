"""``python -m pipeline`` is ``roundtable``."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
