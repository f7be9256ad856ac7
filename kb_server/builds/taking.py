"""What of a commit that anybody may have made goes into a build: what people read, and nothing that would be run.

All else (the configuration, hooks, templates, styles and programs, be they in the docs folder) is the trusted commit's.
No link is laid out: one that leads to a file of the repository counts as that file, any other as nothing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kb_server.errors import Invalid
from kb_server.proofreading import configuration
from kb_server.wiki import git
from kb_server.wiki.git import TooLong
from kb_server.wiki.past import written

_SUFFIXES = (
    ".md .markdown .mdown .mkdn .mkd .txt .csv .tsv .json .yml .yaml .bib .mmd .puml .dot .drawio "
    ".png .jpg .jpeg .gif .webp .avif .svg .ico .bmp .mp4 .webm .mp3 .ogg .wav .vtt "
    ".pdf .docx .xlsx .pptx .odt .ods .odp .zip"
)
READ = frozenset(_SUFFIXES.split())
"""How the names of files end that are read, and never run or rendered as a template."""
NAMED = frozenset({".pages"})
FILE, LINK = "100", "120000"
"""How git's modes of files begin, and that of symbolic links."""
MOST_LINKS = 200
PLAIN = ("-c", "core.symlinks=false")
_SECONDS = 300.0
_LINE, _LONGEST = 500, 1 << 30
"""Bytes of git's line about a file, on average at most; and of its list where nothing is said of how much is taken."""

Git = Callable[..., str]
"""`git.ask`, or `git.plain` where nothing that the machine has set is to count."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a commit: its mode, the id of what is in it, and how many bytes that has."""

    mode: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Most:
    """How much may be taken of a commit."""

    files: int
    megabytes: int

    @property
    def said(self) -> str:
        """What is said of a commit that has more."""
        return f"There is too much in it: at most {self.files:,} files of {self.megabytes:,} MB are taken."


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken of a commit: of the folder `docs` what is read, but for `templates`; and the files `besides`."""

    docs: str
    templates: tuple[str, ...] = ()
    besides: frozenset[str] = frozenset()

    def has(self, path: str) -> bool:
        """Whether what lies at this path is taken."""
        return path in self.besides or (_is_below(path, self.docs) and _is_read(path) and not self._is_template(path))

    def _is_template(self, path: str) -> bool:
        return any(_is_below(path, place) for place in self.templates)


def of(tree: Path, found: configuration.Configuration, *, teams: bool) -> Taken:
    """What the configuration of the trusted commit says is to be taken of another one. Raises Invalid."""
    home = PurePosixPath(inside(tree, found.home))
    names = (inside(tree, found.teams_file), (home / written.FILE).as_posix()) if teams else ()
    top = tree.resolve()
    within = [place for path in found.templates if (place := path.resolve()).is_relative_to(top)]
    templates = tuple(place.relative_to(top).as_posix() for place in within)
    return Taken(inside(tree, found.docs), templates, frozenset(names))


def lay_out(tree: Path, config: Path, trusted: str, asked: Git = git.ask) -> configuration.Configuration:
    """Write all that stands in the `trusted` commit into a work tree; gives what its `config` says.

    Raises Invalid, GitError.
    """
    _write(tree, _without_links(tree, entries(tree, trusted), asked), asked)
    if not (tree / config).is_file():
        raise Invalid(f"There is no {config} in {trusted}: nothing can be built.")
    return configuration.read(tree / config)


def lay_over(  # noqa: PLR0913  -- two commits, and what counts of each
    tree: Path, taken: Taken, trusted: str, commit: str, asked: Git = git.ask, *, most: Most | None = None
) -> None:
    """Lay out what is taken of another commit, and of the trusted one all else; that may be laid out whole already.

    Raises Invalid where there is nothing to take or `most` is exceeded, GitError.
    """
    wanted = entries(tree, commit, (taken.docs, *taken.besides), most)
    theirs = {path: one for path, one in wanted.items() if taken.has(path)}
    if not any(_is_below(path, taken.docs) for path in theirs):
        raise Invalid(f"There is no text in {taken.docs}/ of this commit.")
    before = entries(tree, trusted)
    ours = {path: one for path, one in before.items() if not taken.has(path)}
    files = _without_links(tree, ours | theirs, asked)
    _require_not_too_much([one for path, one in files.items() if path in theirs], most)
    for path in before.keys() - files.keys():
        (tree / path).unlink(missing_ok=True)
    _write(tree, files, asked)


def entries(folder: Path, commit: str, paths: Iterable[str] = (), most: Most | None = None) -> dict[str, Entry]:
    """The files of a commit by their paths; one whose name is no text is left out.

    Raises GitError, Invalid where these are more than `most` allows.
    """
    listed = ("ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", *paths)
    try:
        said = git.within(folder, *listed, seconds=_SECONDS, most=most.files * _LINE if most else _LONGEST)
    except TooLong as error:
        raise Invalid(most.said if most else str(error)) from error
    found = {}
    for line in said.split("\0"):
        about, _, path = line.partition("\t")
        if path and "\ufffd" not in path:
            mode, _, name, size = about.split()
            if size != "-":
                found[path] = Entry(mode, name, int(size))
    return found


def inside(tree: Path, path: Path) -> str:
    """A path of the work tree as git knows it. Raises Invalid where it lies elsewhere."""
    try:
        return path.resolve().relative_to(tree.resolve()).as_posix()
    except ValueError as error:
        raise Invalid(f"{path.name} lies outside the repository, so no commit tells what it was.") from error


def _is_below(path: str, place: str) -> bool:
    return place in (path, ".") or path.startswith(f"{place}/")


def _is_read(path: str) -> bool:
    pure = PurePosixPath(path)
    return pure.suffix.lower() in READ or pure.name in NAMED


def _require_not_too_much(files: Iterable[Entry], most: Most | None) -> None:
    """A link counts as the file that is written in its place."""
    sizes = [one.size for one in files]
    if most and (len(sizes) > most.files or sum(sizes) > most.megabytes << 20):
        raise Invalid(most.said)


def _without_links(folder: Path, files: Mapping[str, Entry], asked: Git) -> dict[str, Entry]:
    """The files, each link being the file it leads to."""
    links = [path for path, one in files.items() if one.mode == LINK]
    led = {path: _target(folder, path, files, asked) for path in links[:MOST_LINKS]}
    plain = {path: one for path, one in files.items() if one.mode.startswith(FILE)}
    return plain | {path: files[to] for path, to in led.items() if to in plain and _same_kind(path, to)}


def _target(folder: Path, path: str, files: Mapping[str, Entry], asked: Git) -> str:
    said = asked(folder, "cat-file", "blob", files[path].name, seconds=_SECONDS) if files[path].size < 1000 else ""  # noqa: PLR2004
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), said)) if said else ""


def _same_kind(path: str, other: str) -> bool:
    """Whether two names end alike: what a link is called must not make a program of a text."""
    return PurePosixPath(path).suffix.lower() == PurePosixPath(other).suffix.lower()


def _write(tree: Path, files: Mapping[str, Entry], asked: Git) -> None:
    listed = "".join(f"{one.mode} {one.name}\t{path}\0" for path, one in sorted(files.items()))
    asked(tree, "read-tree", "--empty", seconds=_SECONDS)
    asked(tree, "update-index", "-z", "--index-info", seconds=_SECONDS, given=listed)
    asked(tree, *PLAIN, "checkout-index", "--all", "--force", seconds=_SECONDS)
