"""The settings: read once, checked at start, frozen, each with the place its value came from."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kb_server.config import values
from kb_server.config.values import ENGINES, LOOPBACK, SIGN_IN, Groups
from kb_server.errors import KbError

__all__ = ["ENGINES", "LOOPBACK", "SIGN_IN", "TABLE", "Groups", "Setting", "Settings", "SettingsError", "load"]

SECRETS = ("oidc_client_secret", "proxy_secret", "forge_token", "follow_secret")
"""Settings that nobody is shown."""
NEEDED = {
    "email": ("base_url",),
    "oidc": ("base_url", "oidc_issuer", "oidc_client_id"),
    "proxy": ("proxy_peers", "proxy_secret"),
}
"""What each way to sign in cannot do without."""
_PASSWORD = re.compile(r"(?<=://)([^:@/]*):.*@|([?&]password=)[^&]*")
_TOKEN = re.compile(r"(?<=https://)[^/@]*@")


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
    email_domains: tuple[str, ...] = ()
    mail_url: str = ""
    mail_from: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_groups: Groups | None = None
    proxy_peers: tuple[IPv4Network | IPv6Network, ...] = ()
    proxy_secret: str = ""
    posts_per_minute: int = 30
    mails_per_hour: int = 30
    branch: str = "main"
    forge: str = ""
    forge_url: str = ""
    forge_repository: str = ""
    forge_folder: str = ""
    forge_token: str = ""
    follow: bool = False
    follow_url: str = ""
    follow_seconds: int = 30
    follow_secret: str = ""
    previews: int = 10
    sample: bool = True
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
        value = getattr(self, name)
        if name in SECRETS:
            return "***" if value else ""
        if value is None or isinstance(value, bool):
            return {None: "", True: "yes", False: "no"}[value]
        shown = without_password(", ".join(map(str, value)) if isinstance(value, tuple) else str(value))
        return _TOKEN.sub("***@", shown) if name == "follow_url" else shown  # to a forge the name alone may be a key


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its field, its environment variable, how its text is read, and what it is for."""

    name: str
    variable: str
    parse: Callable[[str], Any]
    help: str


TABLE = (
    Setting("config_file", "KB_CONFIG_FILE", Path, "the wiki's mkdocs.yml (option -f)"),
    Setting("data_dir", "KB_DATA_DIR", Path, "folder of builds, database and cache"),
    Setting("database_url", "KB_DATABASE_URL", values.database_url, "the database"),
    Setting("search_engine", "KB_SEARCH_ENGINE", values.engine, "what holds the search index: " + " or ".join(ENGINES)),
    Setting("host", "KB_HOST", str, "address to listen on"),
    Setting("port", "KB_PORT", values.port, "port to listen on"),
    Setting("base_url", "KB_BASE_URL", values.base_url, "address under which people reach the wiki, with its path"),
    Setting("auth", "KB_AUTH", values.sign_in, "how people sign in: " + ", ".join(SIGN_IN)),
    Setting(
        "public_read", "KB_PUBLIC_READ", values.yes_or_no, "whether those who are not signed in may read: yes or no"
    ),
    Setting(
        "email_domains",
        "KB_EMAIL_DOMAINS",
        values.domains,
        "whose mail addresses may sign in, besides those in teams.yml",
    ),
    Setting("mail_url", "KB_MAIL_URL", values.mail_url, "the server that takes mail"),
    Setting("mail_from", "KB_MAIL_FROM", values.mail_from, "whom mail comes from"),
    Setting("oidc_issuer", "KB_OIDC_ISSUER", values.issuer, "the provider people sign in with"),
    Setting("oidc_client_id", "KB_OIDC_CLIENT_ID", str, "by what the provider knows this wiki"),
    Setting("oidc_client_secret", "KB_OIDC_CLIENT_SECRET", str, "the secret shared with the provider"),
    Setting("oidc_groups", "KB_OIDC_GROUPS", values.groups, "the claim that names somebody's teams"),
    Setting("proxy_peers", "KB_PROXY_PEERS", values.peers, "the machines that may say who somebody is"),
    Setting("proxy_secret", "KB_PROXY_SECRET", values.proxy_secret, "the secret they know"),
    Setting(
        "posts_per_minute",
        "KB_POSTS_PER_MINUTE",
        lambda text: values.within(text, 1, 1_000_000),
        "how often a person may say something",
    ),
    Setting(
        "mails_per_hour",
        "KB_MAILS_PER_HOUR",
        lambda text: values.within(text, 1, 1_000_000),
        "how many mails a person gets one by one; what is more comes together at the full hour",
    ),
    Setting(
        "branch", "KB_BRANCH", values.branch, "the trusted branch: what its commits say of suggestions comes about"
    ),
    Setting("forge", "KB_FORGE", values.forge, "what keeps the repository: " + ", ".join(values.FORGES)),
    Setting("forge_url", "KB_FORGE_URL", values.forge_url, "the address at which people see it"),
    Setting("forge_repository", "KB_FORGE_REPOSITORY", values.forge_repository, "the repository there, by its path"),
    Setting("forge_folder", "KB_FORGE_FOLDER", values.forge_folder, "the folder of the wiki in that repository"),
    Setting("forge_token", "KB_FORGE_TOKEN", values.forge_token, "lets the wiki push and open pull requests there"),
    Setting("follow", "KB_FOLLOW", values.yes_or_no, "whether the server follows the trusted branch: yes or no"),
    Setting("follow_url", "KB_FOLLOW_URL", values.remote, "the repository to follow (default: the wiki's own origin)"),
    Setting(
        "follow_seconds",
        "KB_FOLLOW_SECONDS",
        lambda text: values.within(text, 1, 86_400),
        "seconds between two looks at it",
    ),
    Setting("follow_secret", "KB_FOLLOW_SECRET", values.proxy_secret, "the secret of its webhook"),
    Setting(
        "previews",
        "KB_PREVIEWS",
        lambda text: values.within(text, 0, 100),
        "how many branches are previewed where the trusted one is followed; 0 for none",
    ),
    Setting(
        "sample",
        "KB_SAMPLE",
        values.yes_or_no,
        "whether the sample wiki's people begin with sample activity: yes or no",
    ),
    Setting("threads", "KB_THREADS", lambda text: values.within(text, 1, 64), "requests answered at the same time"),
    Setting(
        "search_budget_ms",
        "KB_SEARCH_BUDGET_MS",
        lambda text: values.within(text, 10, 10_000),
        "time a search may take",
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
        said = "given" if setting.name in (*SECRETS, "follow_url") else repr(without_password(text))
        raise SettingsError(f"{setting.variable} is {said} ({source}); it must be {error}.") from error


def _completed(values: dict[str, Any], sources: dict[str, str]) -> Settings:
    """Fill in what depends on other settings: data beside the wiki, the database among the data."""
    config_file = Path(values.get("config_file", Settings.config_file)).absolute()
    data_dir = Path(values.get("data_dir", config_file.parent / ".kb")).absolute()
    values |= {"config_file": config_file, "data_dir": data_dir}
    values.setdefault("database_url", f"sqlite:///{data_dir / 'kb.sqlite3'}")
    settings = Settings(**values, sources=sources)
    _refuse_a_stranger_as_anybody(settings)
    _require_what_goes_together(settings)
    return settings


def _refuse_a_stranger_as_anybody(settings: Settings) -> None:
    """Raise SettingsError where anybody on a network could pick who they are."""
    hosts = {settings.host, urlsplit(settings.base_url).hostname or settings.host}
    if settings.auth == "local" and not hosts <= set(LOOPBACK):
        ways = " or ".join(way for way in SIGN_IN if way != "local")
        raise SettingsError(
            f"KB_AUTH is local, which lets whoever comes pick a person, so it works on 127.0.0.1 alone. "
            f"Set it to {ways}."
        )


def _require_what_goes_together(settings: Settings) -> None:
    """Raise SettingsError where the way to sign in, mail or the forge could not work."""
    _require(settings, f"KB_AUTH is {settings.auth}", NEEDED.get(settings.auth, ()))
    if settings.mail_url:
        _require(settings, "KB_MAIL_URL is set", ("mail_from",))
    if settings.forge:
        url = ("forge_url",) if settings.forge == "gitea" else ()
        _require(settings, f"KB_FORGE is {settings.forge}", ("forge_repository", *url))
    elif settings.forge_token:
        _require(settings, "KB_FORGE_TOKEN is set", ("forge",))


def _require(settings: Settings, why: str, names: tuple[str, ...]) -> None:
    missing = [row.variable for row in TABLE if row.name in names and not getattr(settings, row.name)]
    if missing:
        raise SettingsError(f"{why}, and that needs {' and '.join(missing)} too.")
