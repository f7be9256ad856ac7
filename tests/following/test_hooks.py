"""The webhook: whoever knows the secret may say that there is something new, and can do no more by it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from stores import on_alone

from kb_server.app import create_app
from kb_server.config import Settings, SettingsError, load
from kb_server.db import Database
from kb_server.following import storage
from kb_server.following.hooks import is_genuine

SECRET = "0123456789abcdef0123456789abcdef"
BODY = b'{"ref": "refs/heads/main"}'
SIGNATURE = hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, follow_secret=SECRET)


def woken(database: Database) -> str:
    with database.read() as connection:
        return storage.woken(connection)


@on_alone("sqlite")
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Hub-Signature-256": f"sha256={SIGNATURE}"},
        {"X-Gitea-Signature": SIGNATURE},
        {"X-Forgejo-Signature": SIGNATURE},
        {"X-Gitlab-Token": SECRET},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_each_forge_wakes_whoever_follows_as_often_as_it_calls(
    client: FlaskClient, database: Database, headers: dict[str, str]
) -> None:
    answer = client.post("/hooks/follow", data=BODY, headers=headers)
    assert (answer.status_code, answer.data) == (202, b"")
    first = woken(database)
    assert client.post("/hooks/follow", data=BODY, headers=headers).status_code == 202
    assert woken(database) not in {"", first}


@on_alone("sqlite")
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, BODY),
        ({"X-Hub-Signature-256": f"sha256={SIGNATURE}"}, BODY + b" "),
        ({"X-Hub-Signature-256": SIGNATURE}, BODY),
        ({"X-Hub-Signature-256": "sha256="}, b""),
        ({"X-Hub-Signature": f"sha1={hmac.new(SECRET.encode(), BODY, 'sha1').hexdigest()}"}, BODY),
        ({"X-Gitea-Signature": ""}, BODY),
        ({"X-Gitlab-Token": ""}, BODY),
        ({"X-Gitlab-Token": SECRET[:-1]}, BODY),
        ({"X-Gitlab-Token": "\xe9" * 32}, BODY),
        ({"X-Hub-Signature-256": f"sha256={hmac.new(b'', BODY, 'sha256').hexdigest()}"}, BODY),
    ],
)
def test_who_does_not_know_the_secret_wakes_nobody(
    client: FlaskClient, database: Database, headers: dict[str, str], body: bytes
) -> None:
    assert client.post("/hooks/follow", data=body, headers=headers).status_code == 403
    assert woken(database) == ""


@on_alone("sqlite")
def test_what_is_too_large_is_refused_unread(client: FlaskClient, database: Database) -> None:
    huge = client.post("/hooks/follow", data=b" " * (1024 * 1024 + 1), headers={"X-Gitlab-Token": SECRET})
    assert (huge.status_code, woken(database)) == (413, "")


@on_alone("sqlite")
def test_without_a_secret_there_is_no_webhook(database: Database, settings: Settings) -> None:
    app: Flask = create_app(replace(settings, follow_secret=""), database)
    for headers in ({}, {"X-Gitlab-Token": ""}):
        assert app.test_client().post("/hooks/follow", data=BODY, headers=headers).status_code == 404
    unkeyed = hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    assert not is_genuine({"X-Gitea-Signature": unkeyed, "X-Gitlab-Token": ""}, BODY, "")


@pytest.mark.parametrize(
    "url",
    ["ext::sh -c id", "http://example.com/x", "--upload-pack=id", "git://example.com/x", "x/y", "a@b:-x", "fd::3"],
)
def test_only_an_address_over_tls_or_ssh_or_a_path_can_be_followed(url: str) -> None:
    with pytest.raises(SettingsError, match="KB_FOLLOW_URL"):
        load({"KB_FOLLOW_URL": url})


def test_what_opens_the_repository_is_shown_to_nobody() -> None:
    for url in ("https://canary@git.example.com/x.git", "https://kb:canary@git.example.com/x.git"):
        assert "canary" not in load({"KB_FOLLOW_URL": url}).shown("follow_url")
    assert load({"KB_FOLLOW_SECRET": SECRET}).shown("follow_secret") == "***"
    with pytest.raises(SettingsError) as refused:
        load({"KB_FOLLOW_URL": "http://kb:canary@git.example.com/x.git"})
    assert "canary" not in str(refused.value)
