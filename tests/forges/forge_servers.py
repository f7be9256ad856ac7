"""Forges for tests: each answers as its published description says, and takes nothing else, over HTTP on a thread.

What they keep is a repository in memory. Sources: docs.github.com/rest (git, contents, pulls), docs.gitlab.com/api
(commits, repository_files, branches, merge_requests), docs.gitea.com/api (contents, branches, pulls).
"""

# ruff: noqa: ANN401, C901  -- JSON; one route after the other

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import unquote

from flask import Flask, Response, abort, jsonify, request
from werkzeug.serving import WSGIRequestHandler, make_server

TOKEN = "canary-token-of-the-wiki"


@dataclass(frozen=True)
class Commit:
    id: str
    files: Mapping[str, str]
    parents: tuple[str, ...] = ()
    message: str = ""
    author: Mapping[str, str] = field(default_factory=dict)
    committer: Mapping[str, str] = field(default_factory=dict)


def named(what: object) -> str:
    return hashlib.sha1(repr(what).encode(), usedforsecurity=False).hexdigest()


class Repository:
    """Commits, branches and pull requests in memory."""

    def __init__(self, files: Mapping[str, str]) -> None:
        first = Commit(named(sorted(files.items())), files)
        self.commits = {first.id: first}
        self.branches = {"main": first.id}
        self.trees: dict[str, Mapping[str, str]] = {}
        self.requests: list[dict[str, str]] = []

    def at(self, ref: str) -> Commit | None:
        return self.commits.get(self.branches.get(ref, ref))

    def tip(self, branch: str) -> Commit:
        return self.commits[self.branches[branch]]

    def commit(self, files: Mapping[str, str], parent: str, **more: Any) -> Commit:
        new = Commit("", files, (parent,), **more)
        new = replace(new, id=named((sorted(files.items()), parent, more)))
        self.commits[new.id] = new
        return new

    def change(self, path: str, text: str) -> None:
        """Somebody else's commit on the main branch."""
        self.branches["main"] = self.commit({**self.tip("main").files, path: text}, self.branches["main"]).id

    def open(self, head: str, base: str, title: str, body: str) -> dict[str, str]:
        if head not in self.branches or base not in self.branches or self.opened(head, base):
            abort(422)
        made = {"head": head, "base": base, "title": title, "body": body, "state": "open"}
        self.requests.append(made | {"number": str(len(self.requests) + 1)})
        return self.requests[-1]

    def opened(self, head: str, base: str) -> list[dict[str, str]]:
        return [one for one in self.requests if (one["head"], one["base"], one["state"]) == (head, base, "open")]


def body(required: Mapping[str, type], optional: Mapping[str, type] = {}) -> dict[str, Any]:
    """What was sent, where it has all it must have and nothing that the description does not name."""
    sent = request.get_json()
    known = {**required, **optional}
    if not isinstance(sent, dict) or set(sent) - set(known) or set(required) - set(sent):
        abort(422)
    if any(not isinstance(value, known[name]) for name, value in sent.items()):
        abort(422)
    return sent


def encoded(text: str) -> str:
    """As GitHub writes it: in lines."""
    return base64.encodebytes(text.encode()).decode()


class Handler(WSGIRequestHandler):
    """Keeps %2F apart from a slash, as GitLab's addresses need."""

    def make_environ(self) -> Any:
        environ = super().make_environ()
        environ["PATH_INFO"] = self.path.partition("?")[0]
        return environ

    def log(self, *_: Any, **__: Any) -> None:
        """Say nothing."""


class Server:
    """A forge on a thread. What ``fault`` gives is answered instead of anything else."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.repository = Repository(files)
        self.fault: Callable[[], Response | None] = lambda: None
        self.asked: list[str] = []
        self.app = Flask(__name__)
        self.app.before_request(self._before)
        self.routes()
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def routes(self) -> None:
        raise NotImplementedError

    def is_signed(self) -> bool:
        raise NotImplementedError

    def _before(self) -> Response | None:
        self.asked.append(f"{request.method} {request.path}")
        if (found := self.fault()) is not None:
            return found
        if not self.is_signed():
            abort(401)
        if request.method == "POST" and request.mimetype != "application/json":
            abort(415)
        return None

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class GitHubServer(Server):
    def is_signed(self) -> bool:
        return request.headers.get("Authorization") == f"Bearer {TOKEN}"

    def routes(self) -> None:
        app, it, at = self.app, self.repository, "/api/v3/repos/example/wiki"

        @app.get("/api/v3/user")
        def user() -> Any:
            return {"login": "wiki-bot", "id": 7, "name": "Wiki Bot", "email": None}

        @app.get(f"{at}/git/ref/heads/<path:branch>")
        def ref(branch: str) -> Any:
            if branch not in it.branches:
                abort(404)
            return {"ref": f"refs/heads/{branch}", "object": {"type": "commit", "sha": it.branches[branch]}}

        @app.get(f"{at}/git/commits/<sha>")
        def commit(sha: str) -> Any:
            if sha not in it.commits:
                abort(404)
            tree = named(("tree", sha))
            it.trees[tree] = it.commits[sha].files
            return {"sha": sha, "tree": {"sha": tree}}

        @app.post(f"{at}/git/trees")
        def trees() -> Any:
            sent = body({"tree": list}, {"base_tree": str})
            for entry in sent["tree"]:
                if set(entry) != {"path", "mode", "type", "content"} or (entry["mode"], entry["type"]) != (
                    "100644",
                    "blob",
                ):
                    abort(422)
            base = it.trees[sent["base_tree"]] if "base_tree" in sent else {}
            files = {**base, **{entry["path"]: entry["content"] for entry in sent["tree"]}}
            it.trees[named(sorted(files.items()))] = files
            return {"sha": named(sorted(files.items()))}, 201

        @app.post(f"{at}/git/commits")
        def make() -> Any:
            sent = body({"message": str, "tree": str}, {"parents": list, "author": dict, "committer": dict})
            if sent["tree"] not in it.trees or any(
                set(one) - {"date"} != {"name", "email"}
                for one in (sent["author"], sent.get("committer", sent["author"]))
            ):
                abort(422)
            made = it.commit(
                it.trees[sent["tree"]],
                sent["parents"][0],
                message=sent["message"],
                author=sent["author"],
                committer=sent.get("committer", sent["author"]),
            )
            return {"sha": made.id}, 201

        @app.post(f"{at}/git/refs")
        def refs() -> Any:
            sent = body({"ref": str, "sha": str})
            branch = sent["ref"].removeprefix("refs/heads/")
            if branch == sent["ref"] or sent["sha"] not in it.commits or branch in it.branches:
                return {"message": "Reference already exists"}, 422
            it.branches[branch] = sent["sha"]
            return {"ref": sent["ref"]}, 201

        @app.get(f"{at}/contents/<path:name>")
        def contents(name: str) -> Any:
            return _contents(it, name)

        @app.get(f"{at}/pulls")
        def pulls() -> Any:
            owner, _, branch = request.args["head"].partition(":")
            found = it.opened(branch, request.args["base"]) if owner == "example" else it.requests
            return jsonify([self._pull(one) for one in found])

        @app.post(f"{at}/pulls")
        def pull() -> Any:
            sent = body({"title": str, "head": str, "base": str, "body": str})
            return self._pull(it.open(sent["head"], sent["base"], sent["title"], sent["body"])), 201

    def _pull(self, one: Mapping[str, str]) -> dict[str, str]:
        return {"html_url": f"{self.url}/example/wiki/pull/{one['number']}", "state": one["state"]}


def _contents(it: Repository, name: str) -> Any:
    found, name = it.at(request.args["ref"]), unquote(name)
    if found is None or name not in found.files:
        abort(404)
    text = found.files[name]
    if text.startswith("link to "):
        return {"type": "symlink", "path": name, "target": text.removeprefix("link to ")}
    return {"type": "file", "encoding": "base64", "path": name, "sha": named(text), "content": encoded(text)}


class GitLabServer(Server):
    def is_signed(self) -> bool:
        return request.headers.get("PRIVATE-TOKEN") == TOKEN

    def routes(self) -> None:
        app, it, at = self.app, self.repository, "/api/v4/projects/example%2Fwiki"

        @app.get(f"{at}/repository/branches/<branch>")
        def branch(branch: str) -> Any:
            if unquote(branch) not in it.branches:
                abort(404)
            return {"name": unquote(branch), "commit": {"id": it.branches[unquote(branch)]}}

        @app.get(f"{at}/repository/files/<name>")
        def file(name: str) -> Any:
            found = it.at(request.args["ref"])
            if found is None or unquote(name) not in found.files:
                abort(404)
            text = found.files[unquote(name)].removeprefix("link to ")
            return {
                "file_path": unquote(name),
                "encoding": "base64",
                "content": base64.b64encode(text.encode()).decode(),
            }

        @app.post(f"{at}/repository/commits")
        def commits() -> Any:
            sent = body(
                {"branch": str, "commit_message": str, "actions": list},
                {"start_sha": str, "author_name": str, "author_email": str},
            )
            if sent["branch"] in it.branches:
                return {"message": f"A branch called '{sent['branch']}' already exists."}, 400
            files = dict(it.commits[sent["start_sha"]].files)
            for one in sent["actions"]:
                if set(one) != {"action", "file_path", "content"}:
                    abort(400)
                if {"create": False, "update": True}[one["action"]] != (one["file_path"] in files):
                    return {"message": "A file with this name already exists, or does not"}, 400
                files[one["file_path"]] = one["content"]
            author = {"name": sent["author_name"], "email": sent["author_email"]}
            made = it.commit(
                files,
                sent["start_sha"],
                message=sent["commit_message"],
                author=author,
                committer={"name": "Wiki Bot", "email": "wiki-bot@noreply.example.com"},
            )
            it.branches[sent["branch"]] = made.id
            return {"id": made.id}, 201

        @app.get(f"{at}/merge_requests")
        def listed() -> Any:
            if request.args["state"] != "opened":
                abort(400)
            found = it.opened(request.args["source_branch"], request.args["target_branch"])
            return jsonify([self._request(one) for one in found])

        @app.post(f"{at}/merge_requests")
        def make() -> Any:
            sent = body(
                {"source_branch": str, "target_branch": str, "title": str},
                {"description": str, "remove_source_branch": bool},
            )
            if it.opened(sent["source_branch"], sent["target_branch"]):
                return {"message": ["Another open merge request already exists for this source branch: !1"]}, 409
            made = it.open(sent["source_branch"], sent["target_branch"], sent["title"], sent["description"])
            return self._request(made), 201

    def _request(self, one: Mapping[str, str]) -> dict[str, str]:
        return {"web_url": f"{self.url}/example/wiki/-/merge_requests/{one['number']}", "state": "opened"}


class GiteaServer(Server):
    def is_signed(self) -> bool:
        return request.headers.get("Authorization") == f"token {TOKEN}"

    def routes(self) -> None:
        app, it, at = self.app, self.repository, "/api/v1/repos/example/wiki"

        @app.get("/api/v1/user")
        def user() -> Any:
            return {"login": "wiki-bot", "full_name": "Wiki Bot", "email": "wiki-bot@example.com"}

        @app.get(f"{at}/branches/<path:branch>")
        def branch(branch: str) -> Any:
            if branch not in it.branches:
                abort(404)
            return {"name": branch, "commit": {"id": it.branches[branch]}}

        @app.get(f"{at}/contents/<path:name>")
        def contents(name: str) -> Any:
            return _contents(it, name)

        @app.post(f"{at}/contents")
        def change() -> Any:
            sent = body(
                {"files": list}, {"branch": str, "new_branch": str, "message": str, "author": dict, "committer": dict}
            )
            if sent["branch"] not in it.branches:
                abort(404)
            if sent["new_branch"] in it.branches:
                return {"message": "branch already exists"}, 422
            files = dict(it.tip(sent["branch"]).files)
            for one in sent["files"]:
                there = files.get(one["path"])
                known = {"create": None, "update": one.get("sha")}[one["operation"]]
                if (named(there) if there is not None else None) != known:
                    return {"message": "sha does not match, or file already exists"}, 422
                files[one["path"]] = base64.b64decode(one["content"], validate=True).decode()
            made = it.commit(
                files,
                it.branches[sent["branch"]],
                message=sent["message"],
                author=sent["author"],
                committer=sent["committer"],
            )
            it.branches[sent["new_branch"]] = made.id
            return {"commit": {"sha": made.id}}, 201

        @app.get(f"{at}/pulls/<base>/<path:head>")
        def pull(base: str, head: str) -> Any:
            found = [one for one in it.requests if (one["head"], one["base"]) == (head, base)]
            if not found:
                abort(404)
            return self._pull(found[-1])

        @app.post(f"{at}/pulls")
        def make() -> Any:
            sent = body({"title": str, "head": str, "base": str, "body": str})
            if it.opened(sent["head"], sent["base"]):
                return {"message": "pull request already exists for these targets"}, 409
            return self._pull(it.open(sent["head"], sent["base"], sent["title"], sent["body"])), 201

    def _pull(self, one: Mapping[str, str]) -> dict[str, str]:
        return {"html_url": f"{self.url}/example/wiki/pulls/{one['number']}", "state": one["state"]}


SERVERS: Mapping[str, type[Server]] = {"github": GitHubServer, "gitlab": GitLabServer, "gitea": GiteaServer}
