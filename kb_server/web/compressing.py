"""Answers made at request time are compressed here; files of a build were, once, when it was published."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

SMALLEST = 700  # bytes; below that a packet is a packet
TYPES = ("application/json", "application/problem+json", "text/html")


def install(app: Flask) -> None:
    """Compress what is text, long enough, and not compressed yet, for those who can read it."""

    @app.after_request
    def _compress(response: Response) -> Response:
        if _worth_it(response):
            response.vary.add("Accept-Encoding")
            if request.accept_encodings["gzip"] > 0:
                response.set_data(gzip.compress(response.get_data(), 4, mtime=0))
                response.headers["Content-Encoding"] = "gzip"
        return response


def _worth_it(response: Response) -> bool:
    if response.direct_passthrough or response.mimetype not in TYPES:
        return False
    # What has an ETag is a file of a build, or knows better.
    is_as_made = "Content-Encoding" not in response.headers and "ETag" not in response.headers
    return is_as_made and _length(response) >= SMALLEST  # asked last: to know it, what is made piece by piece is made


def _length(response: Response) -> int:
    return response.calculate_content_length() or 0
