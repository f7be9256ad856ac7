"""What the published descriptions say of the calls that are made: facts alone, and of these no more than is asked.

Where from, as read on 2026-11-22:

- GitHub: github/rest-api-description by @octokit/openapi 23.0.2, API version 2022-11-28: api.github.com, of which
  Enterprise Server 3.19 says the same;
  docs.github.com "Troubleshooting the REST API" for rate limits.
- GitLab: gitlab-org/gitlab doc/api/repository_files.md (2025), doc/api/rest (2025), doc/api/commits.md (14.0),
  doc/api/merge_requests.md (13.1), doc/api/branches.md; lib/api/commits.rb and lib/api/merge_requests.rb for statuses.
- Gitea: go-gitea/gitea templates/swagger/v1_json.tmpl (1.23-dev, 2024-10) and Forgejo: swagger.v1.json of 11.0.3,
  which say the same of these calls but for 413 (a quota) and 401.
"""

from __future__ import annotations

from forges.facts import Call

TEXTS, NUMBERS = {str, None}, {int, None}
_PULL = {
    "number": int,
    "state": {"open", "closed"},
    "merged_at": TEXTS,
    "html_url": str,
    "head": {"ref": str, "sha": str, "repo": {"full_name": str}},
    "base": {"ref": str, "sha": str, "repo": {"full_name": str}},
}
_WHO = {"name!": str, "email!": str, "date": str}
_PAGES = {"per_page": str, "page": str}
_ENTRY = {
    "path": str,
    "mode": {"100644", "100755", "040000", "160000", "120000"},
    "type": {"blob", "tree", "commit"},
    "sha": TEXTS,
    "content": str,
}
_REPO = "/repos/example/wiki"

GITHUB = (
    Call("user", "GET", "/user", {"login": str, "id": int, "name": TEXTS, "email": TEXTS}, refused=(401, 403)),
    Call(
        "ref",
        "GET",
        f"{_REPO}/git/ref/<path:ref>",
        {"ref": str, "object": {"type": str, "sha": str}},
        refused=(404, 409),
    ),
    Call("commit", "GET", f"{_REPO}/git/commits/<sha>", {"sha": str, "tree": {"sha": str}}, refused=(404, 409)),
    Call(
        "tree",
        "GET",
        f"{_REPO}/git/trees/<sha>",
        {"sha": str, "truncated": bool, "tree": [{"path": str, "mode": str, "type": str, "sha": str}]},
        refused=(404, 409, 422),
        query={"recursive": str},
    ),
    Call(
        "blob",
        "GET",
        f"{_REPO}/git/blobs/<sha>",
        {"content": str, "encoding": str, "sha": str, "size": NUMBERS},
        refused=(403, 404, 409, 422),
    ),
    Call(
        "make_tree",
        "POST",
        f"{_REPO}/git/trees",
        {"sha": str},
        refused=(403, 404, 409, 422),
        body={"tree!": [_ENTRY], "base_tree": str},
    ),
    Call(
        "make_commit",
        "POST",
        f"{_REPO}/git/commits",
        {"sha": str},
        refused=(404, 409, 422),
        body={
            "message!": str,
            "tree!": str,
            "parents": [str],
            "author": _WHO,
            "committer": {"name": str, "email": str, "date": str},
            "signature": str,
        },
    ),
    Call(
        "make_ref",
        "POST",
        f"{_REPO}/git/refs",
        {"ref": str, "object": {"type": str, "sha": str}},
        refused=(409, 422),
        body={"ref!": str, "sha!": str},
    ),
    Call(
        "pulls",
        "GET",
        f"{_REPO}/pulls",
        [_PULL],
        refused=(422,),
        query={"state": {"open", "closed", "all"}, "head": str, "base": str, "sort": str, "direction": str, **_PAGES},
    ),
    Call("pull", "GET", f"{_REPO}/pulls/<int:number>", _PULL, refused=(404, 406, 500, 503)),
    Call(
        "make_pull",
        "POST",
        f"{_REPO}/pulls",
        _PULL,
        refused=(403, 422),
        body={
            "head!": str,
            "base!": str,
            "title": str,
            "body": str,
            "head_repo": str,
            "draft": bool,
            "issue": int,
            "maintainer_can_modify": bool,
        },
    ),
)

_PROJECT = "/projects/example%2Fwiki"
_MERGE = {
    "iid": int,
    "state": {"opened", "closed", "locked", "merged"},
    "web_url": str,
    "source_branch": str,
    "target_branch": str,
    "source_project_id": int,
    "target_project_id": int,
}
_ACTION = {
    "action!": {"create", "delete", "move", "update", "chmod"},
    "file_path!": str,
    "previous_path": str,
    "content": str,
    "encoding": {"text", "base64"},
    "last_commit_id": str,
    "execute_filemode": bool,
}

GITLAB = (
    Call(
        "branch",
        "GET",
        f"{_PROJECT}/repository/branches/<name>",
        {"name": str, "protected": bool, "commit": {"id": str}},
        refused=(404,),
    ),
    Call(
        "file",
        "GET",
        f"{_PROJECT}/repository/files/<name>",
        {"file_path": str, "encoding": str, "content": str, "blob_id": str, "commit_id": str, "ref": str},
        refused=(404,),
        query={"ref!": str},
    ),
    Call(
        "make_commit",
        "POST",
        f"{_PROJECT}/repository/commits",
        {"id": str},
        refused=(400, 403, 404),
        body={
            "branch!": str,
            "commit_message!": str,
            "actions!": [_ACTION],
            "start_branch": str,
            "start_sha": str,
            "start_project": {int, str},
            "author_name": str,
            "author_email": str,
            "stats": bool,
            "force": bool,
        },
    ),
    Call(
        "merge_requests",
        "GET",
        f"{_PROJECT}/merge_requests",
        [_MERGE],
        refused=(400, 403, 404),
        query={
            "state": {"opened", "closed", "locked", "merged", "all"},
            "scope": {"created_by_me", "assigned_to_me", "all"},
            "order_by": {"created_at", "updated_at"},
            "sort": {"asc", "desc"},
            "source_branch": str,
            "target_branch": str,
            **_PAGES,
        },
    ),
    Call("merge_request", "GET", f"{_PROJECT}/merge_requests/<int:number>", _MERGE, refused=(404,)),
    Call(
        "make_merge_request",
        "POST",
        f"{_PROJECT}/merge_requests",
        _MERGE,
        refused=(400, 403, 404, 409, 422),
        body={
            "title!": str,
            "source_branch!": str,
            "target_branch!": str,
            "target_project_id": int,
            "description": str,
            "remove_source_branch": bool,
            "squash": bool,
            "labels": str,
        },
    ),
)

_IDENTITY = {"name": str, "email": str}
_FILE_CHANGE = {
    "operation!": {"create", "update", "delete"},
    "path!": str,
    "content": str,
    "from_path": str,
    "sha": str,
}

GITEA = (
    Call("user", "GET", "/user", {"login": str, "id": int, "full_name": str, "email": str}, refused=(401, 403)),
    Call(
        "branch",
        "GET",
        f"{_REPO}/branches/<path:name>",
        {"name": str, "protected": bool, "commit": {"id": str}},
        refused=(404,),
    ),
    Call(
        "contents",
        "GET",
        f"{_REPO}/contents/<path:name>",
        {
            "type": {"file", "dir", "symlink", "submodule"},
            "path": str,
            "sha": str,
            "encoding": TEXTS,
            "content": TEXTS,
            "target": TEXTS,
        },
        refused=(404,),
        query={"ref": str},
    ),
    Call(
        "make_change",
        "POST",
        f"{_REPO}/contents",
        {"commit": {"sha": str}},
        refused=(403, 404, 413, 422, 423),
        body={
            "files!": [_FILE_CHANGE],
            "branch": str,
            "new_branch": str,
            "message": str,
            "author": _IDENTITY,
            "committer": _IDENTITY,
            "signoff": bool,
        },
    ),
    Call("pull_of", "GET", f"{_REPO}/pulls/<base>/<path:head>", _PULL, refused=(404,)),
    Call("pull", "GET", f"{_REPO}/pulls/<int:number>", _PULL, refused=(404,)),
    Call(
        "make_pull",
        "POST",
        f"{_REPO}/pulls",
        _PULL,
        refused=(403, 404, 409, 413, 422, 423),
        body={"head": str, "base": str, "title": str, "body": str, "assignee": str, "labels": [int]},
    ),
)
