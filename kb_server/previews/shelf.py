"""Where previews lie: a folder of their own in the data folder, apart from the builds that can be published."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from kb_server.builds.service import make_folder
from kb_server.config import Settings
from kb_server.previews import models
from kb_server.previews.models import Previews

FOLDER = "previews"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of previews. Everything in it can be removed at any time: it is made again."""

    home: Path

    @property
    def builds(self) -> Path:
        """The builds, by their ids."""
        return self.home / "builds"

    @property
    def work(self) -> Path:
        """The data folder of the processes that build."""
        return self.home / "work"

    @property
    def file(self) -> Path:
        """The file that tells what there is."""
        return self.home / "branches.json"

    def known(self) -> Previews:
        """What there is; nothing where that cannot be read."""
        try:
            return models.read(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError, KeyError):
            return Previews()

    def keep(self, known: Previews) -> None:
        """Write down what there is, and remove the builds that are of none of it. Raises OSError."""
        make_folder(self.builds)
        partial = self.file.with_name(f"{self.file.name}.partial")
        partial.write_text(known.written(), encoding="utf-8")
        partial.replace(self.file)
        wanted = {one.build for one in known.branches}
        for folder in self.builds.iterdir():
            if folder.name not in wanted:
                shutil.rmtree(folder, ignore_errors=True)

    def room(self, known: Previews, megabytes_there: int) -> Previews:
        """What there is, without the builds that are too much; the first ones stay."""
        kept, used = [], 0
        for one in known.branches:
            used += megabytes(self.builds / one.build) if one.build else 0
            fits = used <= megabytes_there or not one.build
            kept.append(one if fits else replace(one, build=""))
        return replace(known, branches=tuple(kept))

    def clear_work(self, most: int) -> None:
        """Remove what is left of building, once it is more than so many megabytes."""
        if self.work.is_dir() and megabytes(self.work) > most:
            shutil.rmtree(self.work, ignore_errors=True)

    def clear(self) -> None:
        """Remove all previews."""
        if self.home.is_dir():
            shutil.rmtree(self.home, ignore_errors=True)


def megabytes(folder: Path) -> int:
    """What the files of a folder hold together."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) >> 20


def of(data_dir: Path) -> Shelf:
    """The previews in a data folder."""
    return Shelf(data_dir / FOLDER)


def seen(settings: Settings) -> Previews:
    """The previews that are shown: none as soon as there are to be none, be those there removed or not."""
    return of(settings.data_dir).known() if settings.previews else Previews()


def preview_of(settings: Settings, branch: str) -> str:
    """Where to see what was done on a branch, below the wiki's root: the first page it changes; "" for nowhere."""
    found = seen(settings).work_on(branch)
    if not found or not found.build:
        return ""
    return found.address + (found.pages[0][0] if found.pages else "")
