"""A forge on a thread: it takes what is described of it and nothing else, and answers with no field more."""

# ruff: noqa: ANN401  -- JSON

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Self
from urllib.parse import unquote

from flask import Flask, Response, abort, jsonify, request
from forges.facts import Call, fits
from forges.repository import PullRequest, Repository
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

TOKEN = "canary-token-of-the-wiki"


class Handler(WSGIRequestHandler):
    """Keeps %2F apart from a slash, as GitLab's addresses need."""

    def make_environ(self) -> Any:
        environ = super().make_environ()
        environ["PATH_INFO"] = self.path.partition("?")[0]
        return environ

    def log(self, *_: Any, **__: Any) -> None:
        """Say nothing."""


class Server:
    """A forge with one repository.

    What ``fault`` gives is answered instead of anything else, by the name of the call; ``lost`` are the calls that are
    done and answered with a fault all the same.
    """

    calls: Sequence[Call]
    interface: str
    no: int
    """The status for a request that is not as described."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.fault: Callable[[str], Response | None] = lambda _name: None
        self.lost: set[str] = set()
        self.asked: list[str] = []
        self.app = Flask(__name__, static_folder=None)
        self.app.before_request(self._before)
        for call in self.calls:
            answer = partial(self._answer, call)
            self.app.add_url_rule(self.interface + call.path, call.name, answer, methods=[call.method])
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def is_signed(self) -> bool:
        raise NotImplementedError

    def as_kept(self, text: str) -> str:
        """What becomes of a text on its way in."""
        return text

    def merge(self, one: PullRequest) -> None:
        """Merge it as people do here, with what the forge then writes."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _before(self) -> Response | None:
        self.asked.append(f"{request.method} {request.path.removeprefix(self.interface)}")
        if (found := self.fault(request.endpoint or "")) is not None:
            return found
        if not self.is_signed() or "User-Agent" not in request.headers:
            abort(401)
        return None

    def _answer(self, call: Call, **parts: Any) -> Any:
        self._check(call)
        plain = {name: unquote(part) if isinstance(part, str) else part for name, part in parts.items()}
        sent = {"sent": request.get_json()} if call.method == "POST" else {}
        try:
            made = getattr(self, call.name)(**plain, **sent)
        except HTTPException as refusal:
            return {"message": "no"}, refusal.code if refusal.code in call.refused else 599
        assert fits(call.answer, made), f"{call.name} is described to answer otherwise"
        return ({"message": "lost"}, 502) if call.name in self.lost else (jsonify(made), 201 if sent else 200)

    def _check(self, call: Call) -> None:
        if not fits(call.query, request.args.to_dict()):
            abort(self.no)
        if call.method == "POST":
            if request.mimetype != "application/json":
                abort(415)
            if not fits(call.body, request.get_json()):
                abort(self.no)


def pull(server: Server, one: PullRequest, way: str) -> Mapping[str, Any]:
    """A pull request as GitHub and Gitea answer it."""
    own = {"full_name": "Example/wiki"}
    sha = server.repository.tip(one.head) or "0" * 40
    return {
        "number": one.number,
        "state": "open" if one.state == "open" else "closed",
        "merged_at": "2026-11-23T09:00:00Z" if one.state == "merged" else None,
        "html_url": f"{server.url}/example/wiki/{way}/{one.number}",
        "head": {"ref": one.head, "sha": sha, "repo": {"full_name": "example/fork"} if one.is_of_fork else own},
        "base": {"ref": one.base, "sha": server.repository.tip(one.base), "repo": own},
    }
