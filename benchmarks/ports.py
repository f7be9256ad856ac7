"""A port that nobody listens on, so that a measurement never meets a server that happens to run."""

import socket


def free_port() -> int:
    """A free port of this machine, as far as that can be known a moment before it is used."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
