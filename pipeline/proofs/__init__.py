"""Read the outputs back from their bytes, and say what is wrong with them.

``words`` compares what the three say; ``pdf``, ``word`` and ``html`` each read one format
and hold it to its standard; ``openxml`` is the schema check of a Word file. Every function
takes bytes and returns values, so that the three formats can be proved side by side.
"""
