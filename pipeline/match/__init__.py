"""Pairs of learning points that are worth a person's look. They are proposed, never merged.

``units`` makes the texts that are compared, ``tfidf``, ``static`` and ``minilm`` say how alike texts are,
``neighbours`` finds the nearest, ``proposals`` ranks and explains, ``index`` remembers, ``duck`` does it inside a
database. These rooms alone use numpy, scipy and the tokenisers; a build never imports them.
"""
