"""GitHub, GitLab and Gitea for tests: what each does with a repository when it is asked as it describes."""

# ruff: noqa: ANN401  -- JSON

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, NoReturn

from flask import abort, request
from forges import described
from forges.repository import BOT, FILE, LINK, PullRequest
from forges.serving import TOKEN, Server, pull


def refuse(status: int) -> NoReturn:
    abort(status)
    raise AssertionError


class GitHubServer(Server):
    calls, interface, no = described.GITHUB, "/api/v3", 422

    def is_signed(self) -> bool:
        version, accept = request.headers.get("X-GitHub-Api-Version"), request.headers.get("Accept")
        is_described = (version, accept) == ("2022-11-28", "application/vnd.github+json")
        return is_described and request.headers.get("Authorization") == f"Bearer {TOKEN}"

    def user(self) -> Any:
        return {"login": "wiki-bot", "id": 7, "name": "Wiki Bot", "email": None}

    def ref(self, ref: str) -> Any:
        found = self.repository.tip(ref.removeprefix("heads/")) or refuse(404)
        return {"ref": f"refs/{ref}", "object": {"type": "commit", "sha": found}}

    def commit(self, sha: str) -> Any:
        if self.repository.kind(sha) != "commit":
            refuse(404)
        return {"sha": sha, "tree": {"sha": self.repository.git("rev-parse", f"{sha}^{{tree}}")}}

    def tree(self, sha: str) -> Any:
        if self.repository.kind(sha) != "tree":
            refuse(404)
        found = [dict(zip(("mode", "type", "sha", "path"), one, strict=True)) for one in self.repository.entries(sha)]
        return {"sha": sha, "truncated": False, "tree": found}

    def blob(self, sha: str) -> Any:
        if self.repository.kind(sha) != "blob":
            refuse(404)
        text = self.repository.blob(sha).encode()
        return {"sha": sha, "encoding": "base64", "content": base64.encodebytes(text).decode(), "size": len(text)}

    def make_tree(self, sent: Mapping[str, Any]) -> Any:
        if any({"path", "mode", "type", "content"} != set(one) or one["type"] != "blob" for one in sent["tree"]):
            refuse(422)
        if self.repository.kind(sent["base_tree"]) != "tree":
            refuse(404)
        files = {one["path"]: (one["mode"], one["content"]) for one in sent["tree"]}
        return {"sha": self.repository.tree(sent["base_tree"], files)}

    def make_commit(self, sent: Mapping[str, Any]) -> Any:
        author = sent.get("author", BOT)
        known = [self.repository.kind(one) for one in (sent["tree"], *sent["parents"])]
        if known != ["tree", *["commit"] * len(sent["parents"])]:
            refuse(422)
        committer = sent.get("committer", author)
        return {
            "sha": self.repository.commit(sent["tree"], sent["parents"], sent["message"], author, committer),
        }

    def make_ref(self, sent: Mapping[str, Any]) -> Any:
        name = sent["ref"].removeprefix("refs/heads/")
        if name == sent["ref"] or not self.repository.branch(name, sent["sha"]):
            refuse(422)
        return {"ref": sent["ref"], "object": {"type": "commit", "sha": sent["sha"]}}

    def pulls(self) -> Any:
        owner, _, branch = request.args["head"].partition(":")
        found = self.repository.asked(branch, request.args["base"]) if owner == "example" else self.repository.requests
        wanted = request.args.get("state", "open")
        shown = [pull(self, one, "pull") for one in found]
        return [one for one in shown if wanted in ("all", one["state"])]

    def pull(self, number: int) -> Any:
        return next((pull(self, one, "pull") for one in self.repository.requests if one.number == number), None) or (
            refuse(404)
        )

    def make_pull(self, sent: Mapping[str, Any]) -> Any:
        if self.repository.opened(sent["head"], sent["base"]):
            refuse(422)
        made = self.repository.ask(sent["head"], sent["base"], sent["title"], sent.get("body", ""))
        return pull(self, made or refuse(422), "pull")

    def merge(self, one: PullRequest) -> None:
        said = f"Merge pull request #{one.number} from example/{one.head}\n\n{one.title}"
        self.repository.merge(one, said, squash=False)


class GitLabServer(Server):
    calls, interface, no = described.GITLAB, "/api/v4", 400

    def is_signed(self) -> bool:
        return request.headers.get("PRIVATE-TOKEN") == TOKEN

    def as_kept(self, text: str) -> str:
        """Gitaly sets core.autocrlf to input."""
        return text.replace("\r\n", "\n")

    def branch(self, name: str) -> Any:
        return {"name": name, "protected": False, "commit": {"id": self.repository.tip(name) or refuse(404)}}

    def file(self, name: str) -> Any:
        ref = request.args["ref"]
        commit = self.repository.at(ref) or refuse(404)
        _, kind, blob = self.repository.entry(commit, name)
        if kind != "blob":
            refuse(404)
        content = base64.b64encode(self.repository.blob(blob).encode()).decode()
        known = {"encoding": "base64", "content": content, "blob_id": blob}
        return {"file_path": name, "commit_id": commit, "ref": ref, **known}

    def make_commit(self, sent: Mapping[str, Any]) -> Any:
        start = sent["start_sha"]
        if self.repository.tip(sent["branch"]) or self.repository.kind(start) != "commit":
            refuse(400)
        tree = self.repository.tree(start, dict(self._action(start, one) for one in sent["actions"]))
        if tree == self.repository.git("rev-parse", f"{start}^{{tree}}"):
            refuse(400)
        author = {"name": sent["author_name"], "email": sent["author_email"]}
        made = self.repository.commit(tree, (start,), sent["commit_message"], author, BOT)
        if not self.repository.branch(sent["branch"], made):
            refuse(400)
        return {"id": made}

    def _action(self, start: str, one: Mapping[str, Any]) -> tuple[str, tuple[str, str]]:
        mode, _, _ = self.repository.entry(start, one["file_path"])
        if one["action"] not in ("create", "update") or (one["action"] == "update") != bool(mode):
            refuse(400)
        return one["file_path"], (mode or FILE, self.as_kept(one["content"]))

    def merge_requests(self) -> Any:
        asked = request.args
        found = self.repository.asked(asked["source_branch"], asked["target_branch"])
        shown = [self._request(one) for one in found]
        return [one for one in shown if asked.get("state", "all") in ("all", one["state"])]

    def merge_request(self, number: int) -> Any:
        found = [one for one in self.repository.requests if one.number == number]
        return self._request(found[0] if found else refuse(404))

    def make_merge_request(self, sent: Mapping[str, Any]) -> Any:
        head, base = sent["source_branch"], sent["target_branch"]
        if self.repository.opened(head, base):
            refuse(409)
        return self._request(self.repository.ask(head, base, sent["title"], sent["description"]) or refuse(422))

    def _request(self, one: PullRequest) -> Any:
        return {
            "iid": one.number,
            "state": "opened" if one.state == "open" else one.state,
            "web_url": f"{self.url}/example/wiki/-/merge_requests/{one.number}",
            "source_branch": one.head,
            "target_branch": one.base,
            "source_project_id": 9 if one.is_of_fork else 3,
            "target_project_id": 3,
        }

    def merge(self, one: PullRequest) -> None:
        """One commit of several, whose message is the title alone: that is the template it comes with."""
        self.repository.merge(one, one.title, squash=True)


class GiteaServer(Server):
    calls, interface, no = described.GITEA, "/api/v1", 422

    def is_signed(self) -> bool:
        return request.headers.get("Authorization") == f"token {TOKEN}"

    def user(self) -> Any:
        return {"login": "wiki-bot", "id": 7, "full_name": "Wiki Bot", "email": "wiki-bot@example.com"}

    def branch(self, name: str) -> Any:
        return {"name": name, "protected": False, "commit": {"id": self.repository.tip(name) or refuse(404)}}

    def contents(self, name: str) -> Any:
        commit = self.repository.at(request.args["ref"]) or refuse(404)
        mode, kind, sha = self.repository.entry(commit, name)
        known = {"path": name, "sha": sha or refuse(404), "encoding": None, "content": None, "target": None}
        if kind == "tree":
            return known | {"type": "dir"}
        text = self.repository.blob(sha)
        if mode == LINK:
            return known | {"type": "symlink", "target": text}
        return known | {"type": "file", "encoding": "base64", "content": base64.b64encode(text.encode()).decode()}

    def make_change(self, sent: Mapping[str, Any]) -> Any:
        tip = self.repository.tip(sent["branch"]) or refuse(404)
        if self.repository.tip(sent["new_branch"]):
            refuse(422)
        tree = self.repository.tree(tip, dict(self._change(tip, one) for one in sent["files"]))
        author, committer = sent["author"], sent["committer"]
        made = self.repository.commit(tree, (tip,), sent["message"], author, committer)
        if not self.repository.branch(sent["new_branch"], made):
            refuse(422)
        return {"commit": {"sha": made}}

    def _change(self, tip: str, one: Mapping[str, Any]) -> tuple[str, tuple[str, str]]:
        mode, _, sha = self.repository.entry(tip, one["path"])
        if sha != {"create": "", "update": one.get("sha")}[one["operation"]]:
            refuse(422)
        return one["path"], (mode or FILE, base64.b64decode(one["content"], validate=True).decode())

    def pull_of(self, base: str, head: str) -> Any:
        """Of several for these branches, any: here the first, as its database happens to have them."""
        found = [one for one in self.repository.asked(head, base) if not one.is_of_fork]
        return pull(self, found[-1] if found else refuse(404), "pulls")

    def pull(self, number: int) -> Any:
        found = [one for one in self.repository.requests if one.number == number]
        return pull(self, found[0] if found else refuse(404), "pulls")

    def make_pull(self, sent: Mapping[str, Any]) -> Any:
        if self.repository.opened(sent["head"], sent["base"]):
            refuse(409)
        if not (self.repository.tip(sent["head"]) and self.repository.tip(sent["base"])):
            refuse(404)
        made = self.repository.ask(sent["head"], sent["base"], sent["title"], sent["body"])
        return pull(self, made or refuse(422), "pulls")

    def merge(self, one: PullRequest) -> None:
        said = f"Merge pull request '{one.title}' (#{one.number}) from {one.head} into {one.base}\n\nReviewed-on: x"
        self.repository.merge(one, said, squash=False)


SERVERS: Mapping[str, type[Server]] = {"github": GitHubServer, "gitlab": GitLabServer, "gitea": GiteaServer}
