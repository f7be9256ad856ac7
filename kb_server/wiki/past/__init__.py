"""What became of every address the wiki ever had, worked out from its git history.

`history` is the way in. From below upwards: `reading` asks git, `wiki.outline` reads one text, `likeness` compares two,
`renames` and `sections` say what one commit did to files and to sections, `walk` writes that down in a `ledger` for
every commit, `following` leads it to the pages of `today`, which are `evidence` of what is true, `addresses` makes the
answer of it; `cache` keeps the ledger between builds, `written` what a clone without the whole history lacks.
"""

from kb_server.wiki.past.building import history, with_written
from kb_server.wiki.past.today import Present

__all__ = ["Present", "history", "with_written"]
