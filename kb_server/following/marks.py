"""What this data folder notes of what was made from here, beside the clone: the last build, and the commit it is of."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from kb_server.builds import service as builds
from kb_server.db import Database

LIVE, BUILT = "live", "built"


@dataclass(frozen=True, slots=True)
class Marks:
    """The notes in the folder ``home``, of builds that lie in ``builds`` and are published in a store."""

    database: Database
    home: Path
    builds: Path

    def live(self) -> str:
        """The commit that was published last from here. Whoever publishes an earlier build by hand is left alone.

        What a store that was restored knows nothing of is not live.
        """
        built = self._read(BUILT)
        if built and built not in builds.published_ids(self.database):
            return ""
        return self._read(LIVE)

    def built(self, build: str) -> None:
        """Note what is built, and remove what was built before and never came to be published: nobody else does."""
        before = self._read(BUILT)
        if before not in {"", build, *builds.published_ids(self.database)}:
            shutil.rmtree(self.builds / before, ignore_errors=True)
        self._write(BUILT, build)

    def published(self, commit: str) -> None:
        """Note of which commit the last build is, once it is published."""
        self._write(LIVE, commit)

    def _read(self, name: str) -> str:
        try:
            return (self.home / name).read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def _write(self, name: str, text: str) -> None:
        partial = self.home / f"{name}.partial"
        partial.write_text(text, encoding="utf-8")
        partial.replace(self.home / name)
