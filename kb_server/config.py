"""The settings: read once, checked at start, frozen, each with the place its value came from."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kb_server.errors import KbError

ENGINES = ("database", "whoosh")
SIGN_IN = ("local", "none")
"""The ways to sign in; `none` is a wiki in which nobody does."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
POSTGRESQL = ("postgresql+psycopg", "postgresql", "postgres")
"""The beginnings of an address of PostgreSQL: the one we use, and those that mean the same elsewhere."""

_PASSWORD = re.compile(r"(?<=://)([^:@/]*):.*@|([?&]password=)[^&]*")


class SettingsError(KbError):
    """A setting cannot be used: the message names it, its value, and what would do."""


@dataclass(frozen=True)
class Settings:
    """How this installation runs. Build it with `load`; a test may build it directly."""

    config_file: Path = Path("mkdocs.yml")
    data_dir: Path = Path(".kb")
    database_url: str = ""
    search_engine: str = "database"
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    threads: int = 4
    search_budget_ms: int = 250
    auth: str = "local"
    public_read: bool | None = None
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def base_path(self) -> str:
        """Where the site lies below its host: "/" or "/kb/"."""
        return urlsplit(self.base_url).path.rstrip("/") + "/"

    @property
    def origin(self) -> str:
        """Scheme and host under which people reach the site, or "" when only the request can tell."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def is_public(self) -> bool:
        """Whether somebody who is not signed in may read: by default on one's own machine alone."""
        return self.auth == "local" if self.public_read is None else self.public_read

    def shown(self, name: str) -> str:
        """A setting as anybody may see it."""
        return without_password(str(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its field, its environment variable, how its text is read, and what it is for."""

    name: str
    variable: str
    parse: Callable[[str], Any]
    help: str


def _port(text: str) -> int:
    return _within(text, 0, 65535)


def _within(text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise ValueError(f"a whole number from {low} to {high}")
    return int(text)


def _engine(text: str) -> str:
    if text not in ENGINES:
        raise ValueError(" or ".join(ENGINES))
    return text


def _sign_in(text: str) -> str:
    if text not in SIGN_IN:
        raise ValueError(" or ".join(SIGN_IN))
    return text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("yes", "no"):
        raise ValueError("yes or no")
    return text.lower() == "yes"


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("an address such as https://wiki.example.com/ or https://example.com/wiki/")
    return text.rstrip("/") + "/" if text else ""


def _database_url(text: str) -> str:
    scheme, _, rest = text.partition("://")
    if scheme in POSTGRESQL and rest:
        return f"{POSTGRESQL[0]}://{rest}"
    if scheme != "sqlite" or not rest.startswith("/"):
        raise ValueError(
            "an address such as sqlite:////srv/wiki/kb.sqlite3 or postgresql+psycopg://kb@db.example.com/kb"
        )
    return text


TABLE = (
    Setting("config_file", "KB_CONFIG_FILE", Path, "the wiki's mkdocs.yml (option -f)"),
    Setting("data_dir", "KB_DATA_DIR", Path, "folder of builds, database and cache"),
    Setting("database_url", "KB_DATABASE_URL", _database_url, "the database"),
    Setting("search_engine", "KB_SEARCH_ENGINE", _engine, "what holds the search index: " + " or ".join(ENGINES)),
    Setting("host", "KB_HOST", str, "address to listen on"),
    Setting("port", "KB_PORT", _port, "port to listen on"),
    Setting("base_url", "KB_BASE_URL", _base_url, "address under which people reach the wiki, with its path"),
    Setting("auth", "KB_AUTH", _sign_in, "how people sign in: " + ", ".join(SIGN_IN)),
    Setting("public_read", "KB_PUBLIC_READ", _yes_or_no, "whether those who are not signed in may read: yes or no"),
    Setting("threads", "KB_THREADS", lambda text: _within(text, 1, 64), "requests answered at the same time"),
    Setting(
        "search_budget_ms", "KB_SEARCH_BUDGET_MS", lambda text: _within(text, 10, 10_000), "time a search may take"
    ),
)


def without_password(text: str) -> str:
    """An address without the password in it; any other text as it is."""
    return _PASSWORD.sub(lambda found: f"{found[1]}:***@" if found[1] is not None else f"{found[2]}***", text)


def load(environ: Mapping[str, str], options: Mapping[str, str | None] | None = None) -> Settings:
    """The settings from the environment, overruled by command-line options. Raises SettingsError."""
    _refuse_unknown(environ)
    given = {name: value for name, value in (options or {}).items() if value is not None}
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for setting in TABLE:
        if setting.name in given:
            text, source = given[setting.name], "command line"
        elif environ.get(setting.variable, "").strip():
            text, source = environ[setting.variable].strip(), f"environment, {setting.variable}"
        else:
            continue
        values[setting.name], sources[setting.name] = _parsed(setting, text, source), source
    return _completed(values, sources)


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = [setting.variable for setting in TABLE]
    for name in environ:
        if name.startswith("KB_") and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]}?" if near else "`kb config` lists the settings there are."
            raise SettingsError(f"There is no setting {name}. {hint}")


def _parsed(setting: Setting, text: str, source: str) -> Any:  # noqa: ANN401  -- each setting has its own type
    try:
        return setting.parse(text)
    except ValueError as error:
        raise SettingsError(
            f"{setting.variable} is {without_password(text)!r} ({source}); it must be {error}."
        ) from error


def _completed(values: dict[str, Any], sources: dict[str, str]) -> Settings:
    """Fill in what depends on other settings: data beside the wiki, the database among the data."""
    config_file = Path(values.get("config_file", Settings.config_file)).absolute()
    data_dir = Path(values.get("data_dir", config_file.parent / ".kb")).absolute()
    values |= {"config_file": config_file, "data_dir": data_dir}
    values.setdefault("database_url", f"sqlite:///{data_dir / 'kb.sqlite3'}")
    settings = Settings(**values, sources=sources)
    _refuse_a_stranger_as_anybody(settings)
    return settings


def _refuse_a_stranger_as_anybody(settings: Settings) -> None:
    """Raise SettingsError where anybody on a network could pick who they are."""
    hosts = {settings.host, urlsplit(settings.base_url).hostname or settings.host}
    if settings.auth == "local" and not hosts <= set(LOOPBACK):
        ways = " or ".join(way for way in SIGN_IN if way != "local")
        raise SettingsError(
            f"KB_AUTH is local, which lets whoever comes pick a person, so it works on 127.0.0.1 alone. Set it to {ways}."
        )
