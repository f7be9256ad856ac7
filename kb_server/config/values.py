"""How the text of each setting is read. What cannot be used is refused by a ValueError that says what would do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

ENGINES = ("database", "whoosh")
SIGN_IN = ("local", "email", "oidc", "proxy", "none")
"""The ways to sign in; `none` is a wiki in which nobody does."""
FORGES = ("github", "gitlab", "gitea")
"""What may keep the repository; `gitea` is Forgejo, too."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
POSTGRESQL = ("postgresql+psycopg", "postgresql", "postgres")
"""The beginnings of an address of PostgreSQL: the one we use, and those that mean the same elsewhere."""

SHORTEST_SECRET = 24

_BASE = re.compile(r"""https?://(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d+)?(?:/[^\s\x00-\x1f\x7f-\x9f/?#"'<>\\]+)*/?""")
_REMOTE = re.compile(
    r"(?:https://|ssh://)(?:[^\s/@]+@)?[\w\[][^\s\x00-\x1f]*|(?:file://)?/[^\x00-\x1f]+|[\w.-]+@\w[\w.-]*:[^\s:-][^\s\x00-\x1f]*"
)
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Groups:
    """In which `claim` a provider names somebody's groups, and the teams of those groups that are called otherwise."""

    claim: str
    teams: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """As it is written in the setting."""
        return ":".join(filter(None, (self.claim, ",".join(f"{group}={team}" for group, team in self.teams.items()))))


def port(text: str) -> int:
    """A port; 0 takes a free one."""
    return within(text, 0, 65535)


def within(text: str, low: int, high: int) -> int:
    """A whole number between two others."""
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise ValueError(f"a whole number from {low} to {high}")
    return int(text)


def engine(text: str) -> str:
    """What holds the index of search."""
    if text not in ENGINES:
        raise ValueError(" or ".join(ENGINES))
    return text


def sign_in(text: str) -> str:
    """A way to sign in."""
    if text not in SIGN_IN:
        raise ValueError(" or ".join(SIGN_IN))
    return text


def domains(text: str) -> tuple[str, ...]:
    """Domains of mail addresses."""
    domains = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if not all(_DOMAIN.fullmatch(domain) for domain in domains):
        raise ValueError("domains with commas between them, such as example.com, example.org")
    return domains


def mail_url(text: str) -> str:
    """The address of a mail server."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("an address such as smtp://localhost or smtps://name:password@mail.example.com")
    return text


def mail_from(text: str) -> str:
    """The sender of mail."""
    if not re.fullmatch(r"(?:[^<>@\r\n]+<)?[^<>@\s]+@[^<>@\s]+>?", text):
        raise ValueError("an address such as Common Ground <wiki@example.com>")
    return text


def branch(text: str) -> str:
    """A branch of a repository."""
    if not re.fullmatch(r"[\w][\w./-]{0,199}", text) or ".." in text or text.endswith((".", "/", ".lock")):
        raise ValueError("the name of a branch, such as main")
    return text


def forge(text: str) -> str:
    """What keeps the repository."""
    if text not in FORGES:
        raise ValueError(f"{', '.join(FORGES[:-1])} or {FORGES[-1]}")
    return text


def forge_url(text: str) -> str:
    """Where a forge is: over TLS, or on this machine, since a token goes there."""
    parts = urlsplit(text)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not (is_safe and _BASE.fullmatch(text) and _parses(text)):
        raise ValueError("an address such as https://git.example.com, over TLS")
    return text.rstrip("/")


def forge_repository(text: str) -> str:
    """A repository by its path at the forge."""
    names = text.strip("/").removesuffix(".git").split("/")
    if len(names) < 2 or not all(re.fullmatch(r"(?!\.+$)[\w.-]+", name) for name in names):  # noqa: PLR2004  -- owner and name
        raise ValueError("a path such as example/handbook")
    return "/".join(names)


def forge_folder(text: str) -> str:
    """A folder in a repository."""
    names = text.strip("/").split("/")
    if any(name in ("", ".", "..") or not name.isprintable() for name in names):
        raise ValueError("a path in the repository such as wiki")
    return "/".join(names)


def forge_token(text: str) -> str:
    """A secret that can stand in a header."""
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("the token as the forge shows it")
    return text


def remote(text: str) -> str:
    """Where a repository is: over TLS or SSH, or on this machine."""
    if not _REMOTE.fullmatch(text):
        raise ValueError(
            "an address such as https://git.example.com/handbook.git, git@example.com:handbook.git or a path"
        )
    return text


def issuer(text: str) -> str:
    """A provider by the address it calls itself: over TLS, or on this machine."""
    parts = urlsplit(text)
    if not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)) or not parts.hostname:
        raise ValueError("an address such as https://login.example.com/realms/staff, exactly as the provider writes it")
    return text


def groups(text: str) -> Groups:
    """Where a provider names somebody's groups."""
    claim, _, rest = text.partition(":")
    pairs = [pair.partition("=") for pair in rest.split(",") if pair.strip()]
    if not claim.strip() or not all(group.strip() and team.strip() for group, _, team in pairs):
        raise ValueError("the name of a claim, such as groups, or groups:sales-all=sales,mkt=marketing")
    return Groups(claim.strip(), {group.strip(): team.strip() for group, _, team in pairs})


def peers(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Machines, by their addresses or networks."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ValueError("addresses or networks with commas between them, such as 127.0.0.1, 10.0.3.0/24") from error


def proxy_secret(text: str) -> str:
    """A secret that can stand in a header and not be guessed."""
    if len(text) < SHORTEST_SECRET or not text.isascii() or not text.isprintable() or "," in text:
        raise ValueError(
            f"at least {SHORTEST_SECRET} plain characters without a comma; `openssl rand -hex 32` makes one"
        )
    return text


def yes_or_no(text: str) -> bool:
    """Yes or no; on and off mean the same."""
    if text.lower() not in ("yes", "no", "on", "off"):
        raise ValueError("yes or no")
    return text.lower() in ("yes", "on")


def base_url(text: str) -> str:
    """The address people use, ending with a slash. It goes into links and redirects as it stands."""
    if text and not (_BASE.fullmatch(text) and _parses(text)):
        raise ValueError("an address such as https://wiki.example.com/ or https://example.com/wiki/")
    return text.rstrip("/") + "/" if text else ""


def database_url(text: str) -> str:
    """The address of a database."""
    scheme, _, rest = text.partition("://")
    if scheme in POSTGRESQL and rest and _parses(text):
        return f"{POSTGRESQL[0]}://{rest}"
    # Three slashes begin a path from wherever the command happens to be run.
    if scheme != "sqlite" or not re.fullmatch(r"//[^?\x00-\x1f]*[^?/\x00-\x1f]", rest):
        raise ValueError(
            "an address such as sqlite:////srv/wiki/kb.sqlite3 or postgresql+psycopg://kb@db.example.com/kb"
        )
    return text


def _parses(address: str) -> bool:
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False
