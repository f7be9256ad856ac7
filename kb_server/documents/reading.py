"""What search reads of the documents besides those it shows: often, and by the hundred."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from kb_server.db.meta import meta
from kb_server.db.prepared import Prepared
from kb_server.documents.analysis import Analyser, analyser_for
from kb_server.documents.models import SUGGESTION, Change, RankingRow
from kb_server.documents.storage import LANGUAGE, begins, documents, listed

RANKING = "SELECT id, page_id, url, title_stems, stems, facts FROM documents"
GROUPS = "SELECT kind, teams, count(*) FROM documents"
_LANGUAGE = Prepared(sa.select(meta.c.value).where(meta.c.key == LANGUAGE))
PAGES = "SELECT id, page_id, kind, url FROM documents"
REFS = "SELECT id, ref FROM documents"


def ranking_rows(connection: sa.Connection, ids: Sequence[int]) -> list[RankingRow]:
    """What ranking looks at, of the documents with these ids that may be shown, in no order."""
    rows = connection.exec_driver_sql(f"{RANKING} WHERE hidden = 0 AND id IN {listed(ids)}").all()
    return [RankingRow._make((*row[:-1], _boost(row[-1]))) for row in rows]


def _boost(facts: str) -> float:
    """What a text counts for against others. Hardly any says so, and it is quicker to look than to read."""
    return float(json.loads(facts).get("boost", 1)) if '"boost"' in facts else 1.0


def pages_of(connection: sa.Connection, ids: Iterable[int]) -> dict[int, str]:
    """What each of the shown documents with these ids belongs to: its page, or the suggestion it is part of."""
    rows = connection.exec_driver_sql(f"{PAGES} WHERE hidden = 0 AND id IN {listed(ids)}").all()
    return {key: url.partition("#")[0] if kind == SUGGESTION else page for key, page, kind, url in rows}


def refs_of(connection: sa.Connection, ids: Iterable[int]) -> dict[int, str]:
    """The refs of those of the documents with these ids that may be shown."""
    rows = connection.exec_driver_sql(f"{REFS} WHERE hidden = 0 AND id IN {listed(ids)}").all()
    return {row[0]: row[1] for row in rows}


def groups_of(connection: sa.Connection, ids: Iterable[int]) -> list[tuple[str, str, int]]:
    """Kind, teams with a space around each, and how many of the shown documents with these ids have both."""
    rows = connection.exec_driver_sql(f"{GROUPS} WHERE hidden = 0 AND id IN {listed(ids)} GROUP BY 1, 2").all()
    return [(row[0], row[1], row[2]) for row in rows]


def changes_after(connection: sa.Connection, seq: int) -> Iterator[Change]:
    """What became of every document changed after `seq`, oldest change first."""
    facts = sa.case((documents.c.kind == "definition", documents.c.facts), else_="").label("facts")
    shown = (documents.c.hidden == 0).label("shown")
    columns = [documents.c[name] for name in Change._fields if name not in ("facts", "shown")]
    query = sa.select(*columns, facts, shown).where(documents.c.seq > seq).order_by(documents.c.seq)
    for row in connection.execute(query.execution_options(yield_per=1_000)):
        yield Change._make(row)


def is_place(connection: sa.Connection, place: str) -> bool:
    """Whether `place` is a page's id, or a folder that something shown lies in."""
    here = sa.or_(documents.c.page_id == place, begins(documents.c.url, place.rstrip("/") + "/"))
    return connection.scalar(sa.select(sa.literal(1)).where(here, documents.c.hidden == 0).limit(1)) is not None


def first_at(connection: sa.Connection, url: str) -> tuple[str, str] | None:
    """Title and text of what was first written of all that is shown at an address or below it."""
    here = begins(documents.c.url, url) & (documents.c.hidden == 0)
    query = sa.select(documents.c.title, documents.c.text).where(here)
    found = connection.execute(query.order_by(documents.c.id).limit(1)).one_or_none()
    return (found.title, found.text) if found else None


def analyser(connection: sa.Connection) -> Analyser:
    """The analyser the stored stems were made with: a query must be taken apart by the same."""
    return analyser_for(_LANGUAGE.value(connection) or "")


def count(connection: sa.Connection) -> int:
    """How many documents are shown."""
    return connection.scalar(sa.select(sa.func.count()).where(documents.c.hidden == 0)) or 0
