"""The engine of Whoosh: an index directory outside the database, which follows it.

Whoosh is older than some of Python's warnings about regular expressions and comparisons. It comes in here, once, so
that nobody who starts a server or runs the tests is shown them.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import whoosh.codec.whoosh3
    import whoosh.columns
    import whoosh.fields
    import whoosh.filedb.filestore
    import whoosh.formats
    import whoosh.index
    import whoosh.writing  # noqa: F401  -- all of it is used by the modules of this package
