"""What ``mkdocs.yml`` says that a proofreader must know. It is read, and nothing it names is run.

MkDocs has tags of its own (``!ENV``, ``!!python/name:…``), which a safe loader refuses: here each stands for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pathspec
import yaml

from kb_server.errors import Invalid
from kb_server.proofreading.models import Level

_DEFAULTS = {
    "omitted_files": "info",
    "not_found": "warn",
    "absolute_links": "info",
    "unrecognized_links": "info",
    "anchors": "info",
}
"""How loud MkDocs is of its own accord."""
_KNOWN = frozenset(
    "search kb meta tags git-revision-date-localized git-authors minify privacy social offline optimize".split()  # noqa: SIM905
)
"""Plugins that add no pages; each other one may, so that a link to a missing page may be right."""
_ALWAYS_OUT = (".*", "/templates/")
MOST_PARENTS = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation that names a file, with its line in the configuration file or 0.

    ``at`` is where in that file's text its path stands, where that is in one place alone.
    """

    path: str
    line: int
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The parts of a wiki's configuration that matter here. ``nav`` is None where MkDocs makes the navigation."""

    file: Path
    docs: Path
    teams_file: Path
    text: str = ""
    """What stands in ``mkdocs.yml``."""
    nav: tuple[Entry, ...] | None = None
    ours: bool = True
    language: str = "en"
    names: str = ""
    plugins: frozenset[str] = frozenset()
    extensions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    templates: tuple[Path, ...] = ()
    """Files and folders of the wiki that are rendered as templates, and the files that the configuration stands in."""
    validation: Mapping[str, str] = field(default_factory=dict)
    left_out: pathspec.PathSpec[Any] = field(default_factory=lambda: _patterns(""))
    apart: pathspec.PathSpec[Any] = field(default_factory=lambda: _patterns(""))

    @property
    def home(self) -> Path:
        """The folder of ``mkdocs.yml``, to which the paths people see are relative."""
        return self.file.parent

    def shown(self, path: str) -> str:
        """A path in the docs folder, as people know it."""
        return f"{self.docs.relative_to(self.home).as_posix()}/{path}".removeprefix("./")

    def level(self, what: str, where: str = "links") -> Level | None:
        """How bad it is, by whether it would stop the build: an error where MkDocs warns; None where it is ignored."""
        said = self.validation.get(f"{where}.{what}") or self.validation.get(what) or _DEFAULTS[what]
        return None if said == "ignore" else "warning" if said == "info" else "error"

    @property
    def may_make_pages(self) -> bool:
        """Whether a plugin is at work that may add pages nobody has written."""
        return bool(self.plugins - _KNOWN)


def read(file: Path) -> Configuration:
    """The configuration in `file`. Raises Invalid where it cannot be read, or leads out of its folder."""
    file = file.resolve()
    text, data, parents = _loaded(file)
    docs = _folder(file, data.get("docs_dir") or "docs")
    plugins = _plugins(data.get("plugins"))
    kb = plugins.get("kb") or {}
    nav = data.get("nav")
    theme = data.get("theme")
    return Configuration(
        file,
        docs,
        file.parent / str(kb.get("teams") or "teams.yml"),
        text=text,
        nav=tuple(_entries(nav, text)) if isinstance(nav, list) else None,
        ours=kb.get("front_matter") is not False,
        language=str(theme.get("language") or "en") if isinstance(theme, dict) else "en",
        names=f"{data.get('site_name') or ''} {data.get('site_author') or ''}",
        plugins=frozenset(plugins),
        extensions=_plugins(data.get("markdown_extensions")),
        templates=(*_templates(file, docs, data), file, *parents),
        validation=dict(_validation(data.get("validation"))),
        left_out=_patterns("\n".join([*_ALWAYS_OUT, _lines(data, "exclude_docs"), _lines(data, "draft_docs")])),
        apart=_patterns(_lines(data, "not_in_nav")),
    )


def _loaded(file: Path, depth: int = 0) -> tuple[str, dict[str, Any], tuple[Path, ...]]:
    """The text of a configuration file, what it says with all it inherits, and the files it inherits that from."""
    parents: tuple[Path, ...] = ()
    try:
        text = file.read_text(encoding="utf-8-sig")
        data = yaml.load(text, Loader=_Loader)  # noqa: S506  -- a safe loader that knows fewer tags still
    except OSError as error:
        raise Invalid(f"{file.name} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{file.name} is not UTF-8. Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise Invalid(f"{file.name}:{line}: this is no YAML. Mend it, or nothing can be checked.") from error
    except (RecursionError, ValueError) as error:
        raise Invalid(f"{file.name} holds something that cannot be read.") from error
    if not isinstance(data, dict):
        raise Invalid(f"{file.name} must hold keys with values, such as 'site_name: …'.")
    if (parent := data.get("INHERIT")) and depth < MOST_PARENTS:
        _, inherited, further = _loaded(place := file.parent / str(parent), depth + 1)
        data, parents = inherited | data, (place, *further)
    return text, data, parents


class _Loader(yaml.SafeLoader):
    """Reads a tag it does not know as nothing."""


_Loader.add_multi_constructor("!", lambda *_: None)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)


def _folder(file: Path, name: object) -> Path:
    docs = (file.parent / str(name)).resolve()
    if not docs.is_dir():
        raise Invalid(f"There is no folder {name}, which {file.name} names as `docs_dir`.")
    if not docs.is_relative_to(file.parent):
        raise Invalid(f"`docs_dir: {name}` leads out of the folder of {file.name}. kb reads nothing there.")
    return docs


def _templates(file: Path, docs: Path, data: Mapping[str, Any]) -> Iterator[Path]:
    """Where templates lie. Where only the machine knows it (``!ENV``), they lie anywhere."""
    theme = data.get("theme")
    if isinstance(theme, dict) and "custom_dir" in theme:
        yield file.parent / str(theme["custom_dir"]) if theme["custom_dir"] else docs
    listed = data.get("extra_templates", [])
    for name in listed if isinstance(listed, list) else [""]:
        yield docs / str(name or "")


def _plugins(listed: object) -> dict[str, Any]:
    if isinstance(listed, dict):
        return {_plain(name): options for name, options in listed.items()}
    found: dict[str, Any] = {}
    for one in listed if isinstance(listed, list) else []:
        found |= {_plain(key): value for key, value in one.items()} if isinstance(one, dict) else {_plain(one): {}}
        if isinstance(within := found.get("group"), dict):  # Material's, which brings others along
            found |= _plugins(within.get("plugins"))
    return {name: options if isinstance(options, dict) else {} for name, options in found.items()}


def _plain(name: object) -> str:
    return str(name).removeprefix("material/")


def _validation(data: object) -> Iterator[tuple[str, str]]:
    for key, value in data.items() if isinstance(data, dict) else ():
        if isinstance(value, dict):
            yield from ((f"{key}.{name}", str(said)) for name, said in value.items())
        else:
            yield str(key), str(value)


def _entries(nav: list[Any], text: str) -> Iterator[Entry]:
    for one in nav:
        values = one.values() if isinstance(one, dict) else [one]
        for value in values:
            if isinstance(value, list):
                yield from _entries(value, text)
            elif isinstance(value, str) and "://" not in value:
                yield _entry(value, text)


def _entry(value: str, text: str) -> Entry:
    found = [one.start() for one in re.finditer(rf"(?<![\w./#-]){re.escape(value)}(?![\w/#-]|\.\w)", text)]
    line = text.count("\n", 0, found[0]) + 1 if found else 0
    return Entry(value, line, found[0] if len(found) == 1 else None)


def _lines(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _patterns(lines: str) -> pathspec.PathSpec[Any]:
    return pathspec.PathSpec.from_lines("gitignore", lines.splitlines())
