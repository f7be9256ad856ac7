"""Requests that could be read in two ways, or would take for ever to read, are refused before anybody reads them.

Waitress reads all requests in one thread. Two of its patterns take minutes for 30 kB made to that end, and everybody
waits; and it accepts a length beside chunks, of which a proxy before it may believe the other.
"""

from __future__ import annotations

import re

from waitress.parser import HTTPRequestParser, ParsingError

# A header on several lines, blanks without end, a host without end.
_HARMFUL = re.compile(rb"\r\n[ \t]|[ \t]{100}|://[^ ?#/\r\n]{300}")


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Reads a request's head."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read it. Raises ParsingError, which becomes a 400."""
        if _HARMFUL.search(header_plus):
            raise ParsingError("This cannot be read.")
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError("This cannot be read.") from error
        if "TRANSFER_ENCODING" in self.headers or (self.chunked and "CONTENT_LENGTH" in self.headers):
            raise ParsingError("It is not clear how long this is.")
