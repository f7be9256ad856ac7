"""Settings that contradict each other, or promise less than people will take them for."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from kb_server.upkeep.models import Check, Installation, attention, ok

NAME = "settings"


def settings(installation: Installation) -> Iterator[Check]:
    """Every contradiction there is; one line if there is none."""
    found = [*_address(installation), *_place(installation)]
    yield from found or [ok(NAME, "None contradicts another.")]
    yield from _nodes(installation)


def _address(installation: Installation) -> Iterator[Check]:
    host, base = installation.settings.host, installation.settings.base_url
    named = urlsplit(base).hostname or ""
    if not is_loopback(host) and not base:
        finding = (
            f"It listens on {host}, for others, and KB_BASE_URL is empty: links would name whatever host was asked for."
        )
        yield attention(NAME, finding, "Set KB_BASE_URL to the address people use.")
    if base.startswith("http://") and not is_loopback(named):
        finding = f"KB_BASE_URL is {base}: what people read and write crosses the network in the open."
        yield attention(NAME, finding, "Put a proxy with TLS in front, and set KB_BASE_URL to its https:// address.")
    if not is_loopback(host) and named and is_loopback(named):
        finding = f"It listens on {host}, for others, but KB_BASE_URL names this machine only ({named})."
        yield attention(NAME, finding, "Set KB_BASE_URL to the address people use.")


def _place(installation: Installation) -> Iterator[Check]:
    data_dir, file = installation.settings.data_dir, installation.file
    if file and not file.absolute().is_relative_to(data_dir.absolute()):
        finding = f"The database {file} lies outside {data_dir}: whoever moves or copies one may forget the other."
        yield attention(NAME, finding, "Leave KB_DATABASE_URL empty: then it lies among the data.")


def _nodes(installation: Installation) -> Iterator[Check]:
    """What several servers on one database may share, where each keeps an index of its own."""
    if installation.file is None and installation.settings.search_engine == "whoosh":
        finding = (
            "Of several servers on this database each keeps an index of Whoosh's in its own KB_DATA_DIR, and finds "
            "there what another wrote a moment later. builds/ may be shared; search/ and KB_DATA_DIR must not."
        )
        yield ok(NAME, finding)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host of this name."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
