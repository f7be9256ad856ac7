"""Ports for servers that must be told their address before they start.

One that was found free and let go may be another's a moment later, for whoever asks for any port is given it. These lie
below all that the system gives out by itself, and each is held for as long as this process lives.
"""

from __future__ import annotations

import socket
from pathlib import Path

GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
LEAST = 20_000  # browsers refuse some that are smaller
HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nobody takes but whoever was given it."""
    first = int(GIVEN_OUT.read_text(encoding="ascii").split()[0])
    return next(port for port in range(first - 1, LEAST, -1) if _held(port) and _is_free(port))


def _held(port: int) -> bool:
    """Hold it against other tests, by the same port of another protocol, which nobody here speaks."""
    with socket.socket(type=socket.SOCK_DGRAM) as mark:
        try:
            mark.bind((HOST, port))
        except OSError:
            return False
        mark.detach()  # it stays open until this process ends
        return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
