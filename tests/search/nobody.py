"""Who stands for the database where Whoosh has to answer by itself.

Were the database itself behind it, a Whoosh that failed at every question would go unnoticed: the answers are the same.
"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from kb_server.search.engines import Matches, Task
from kb_server.search.engines.sqlite import SqliteEngine


class Nobody(SqliteEngine):
    """An engine that is not to be asked."""

    def match(self, connection: sa.Connection, task: Task) -> Matches:  # noqa: ARG002
        """Fail the test."""
        pytest.fail("the database was asked")
