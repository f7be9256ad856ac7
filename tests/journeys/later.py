"""`kb` as it is some hours later: ``python later.py HOURS serve …``. The clock goes on from there."""

from __future__ import annotations

import datetime as dt
import sys
import time

HOURS = dt.timedelta(hours=int(sys.argv.pop(1)))
right = time.time


class Later(dt.datetime):
    """What `datetime` is by then."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Later:
        return cls.fromtimestamp((super().now(tz) + HOURS).timestamp(), tz)


time.time = lambda: right() + HOURS.total_seconds()
dt.datetime = Later  # type: ignore[misc]  # before anybody takes it

from kb_server.cli import main  # noqa: E402

main()
