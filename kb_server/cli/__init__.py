"""The command line: each command reads its words, calls one service function, and prints.

A command imports what it needs when it runs: `kb --help` must not load Flask.
"""

from kb_server.cli.program import kb, main

__all__ = ["kb", "main"]
