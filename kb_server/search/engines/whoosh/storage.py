"""The files of one index. Whoosh's are pickled: to read one is to run it, so whoever writes here runs what they like.

Whoosh makes a commit valid by renaming its table of contents. Just before, the digests of all its files are written
beside it, keyed with the id of the database the index was made from. What does not agree with them is never opened:
damage, which Whoosh would not notice and would answer wrongly from, and an index brought here from another database.
Against somebody who writes here on purpose the folder's permissions help, and not this: the id stands in the pointer.
"""

from __future__ import annotations

import errno
import hashlib
import json
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex

from kb_server.search.engines.whoosh.schema import SCHEMA

NAME = "kb"
SEAL = ".seal"
SEGMENT = ".seg"


GONE_OR_BAD = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EIO, None)
"""What the system says of a file that is not there as it was written. Another file instead would help."""


class DamagedError(Exception):
    """The index cannot be used; the message says why, as the end of a sentence."""


def is_trouble(error: Exception) -> bool:
    """Whether an error is of the machine and not of the files: a full disk, a missing right, want of memory or handles.

    To make the index anew would mend nothing then, and want more of what is missing.
    """
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno not in GONE_OR_BAD)


class Storage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """One folder of an index. Files are read, not mapped: of a mapped file cut short the process would die."""

    def __init__(self, folder: Path, key: str) -> None:
        super().__init__(str(folder), supports_mmap=False)
        self.path = folder
        self.key = key
        self._digests: dict[str, str] = {}

    def begin(self) -> None:
        """Make an index without documents."""
        TOC.create(self, SCHEMA, NAME)

    def index(self) -> FileIndex:
        """What Whoosh's writer wants."""
        return FileIndex(self, SCHEMA, NAME)

    def generation(self) -> int:
        """The number of the last commit."""
        number: int = TOC._latest_generation(self, NAME)  # noqa: SLF001  -- Whoosh's own way opens the file
        return number

    def contents(self) -> TOC:
        """The table of contents of the last commit, verified. Raises DamagedError."""
        last = self.generation()
        sealed = self._verified(TOC._filename(NAME, last))  # noqa: SLF001  -- there is no other way to ask
        contents = TOC.read(self, NAME, last, SCHEMA)
        missing = {f"{segment.segment_id()}{SEGMENT}" for segment in contents.segments} - sealed
        if missing:
            raise DamagedError(f"it lacks {min(missing)}")
        return contents

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002  -- Whoosh's
        """Make a commit valid: the only thing Whoosh renames is a table of contents.

        It need not reach the disk at once. Half of it there is noticed, and costs making the index anew.
        """
        segments = [path.name for path in self.path.glob(f"*{SEGMENT}")]
        self._digests = {name: self._digests.get(name) or self._digest(name) for name in segments}
        self._digests[newname] = self._digest(oldname)
        (self.path / f"{newname}{SEAL}").write_text(json.dumps(self._digests), encoding="utf-8")
        super().rename_file(oldname, newname, safe)

    def tidy(self) -> None:
        """Remove what commits before the last one have left, and what a killed one has."""
        kept = {name for name in self._digests if name.endswith(SEGMENT)}
        contents = [name for name in self._digests if not name.endswith(SEGMENT)]
        kept.update(name + end for name in contents for end in ("", SEAL))
        for path in self.path.iterdir():
            if path.is_file() and path.name not in kept and not path.name.endswith("LOCK"):
                path.unlink(missing_ok=True)

    def _verified(self, contents: str) -> set[str]:
        """The names of the files that are what was written. The digests are kept: nothing sealed changes."""
        if contents not in self._digests:
            try:
                sealed = json.loads((self.path / f"{contents}{SEAL}").read_text(encoding="utf-8"))
                self._digests = {name: digest for name, digest in sealed.items() if self._is_sealed(name, digest)}
            except (OSError, ValueError, AttributeError) as error:
                if is_trouble(error):
                    raise
                raise DamagedError("it is not whole") from error
        if contents not in self._digests:
            raise DamagedError("it is not what was written")
        return set(self._digests)

    def _is_sealed(self, name: str, digest: str) -> bool:
        return self._digests.get(name) == digest or ((self.path / name).is_file() and self._digest(name) == digest)

    def _digest(self, name: str) -> str:
        with (self.path / name).open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(key=self.key.encode())).hexdigest()
