"""Settings: read once, refused in one sentence, each knowing where it came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb_server.config import TABLE, SettingsError, load


def test_everything_has_a_default_that_runs_on_a_laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load({})
    assert settings.config_file == tmp_path / "mkdocs.yml"
    assert settings.data_dir == tmp_path / ".kb"
    assert settings.database_url == f"sqlite:///{tmp_path}/.kb/kb.sqlite3"
    assert (settings.host, settings.port, settings.base_path) == ("127.0.0.1", 8000, "/")


def test_data_lie_beside_the_wiki_that_was_named(tmp_path: Path) -> None:
    assert load({}, {"config_file": str(tmp_path / "w" / "mkdocs.yml")}).data_dir == tmp_path / "w" / ".kb"


def test_the_command_line_overrules_the_environment_and_both_are_told_apart() -> None:
    settings = load({"KB_PORT": "81", "KB_HOST": "0.0.0.0", "KB_AUTH": "none"}, {"port": "82", "host": None})
    assert (settings.port, settings.host) == (82, "0.0.0.0")
    assert settings.sources == {"port": "command line", "host": "environment, KB_HOST", "auth": "environment, KB_AUTH"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KB_PORT", "eighty"),
        ("KB_PORT", "65536"),
        ("KB_PORT", "-1"),
        ("KB_PORT", "٣"),
        ("KB_BASE_URL", "wiki.example.com"),
        ("KB_BASE_URL", "javascript:alert(1)"),
        ("KB_BASE_URL", "https://example.com//evil.example/"),
        ("KB_BASE_URL", "https://somebody:secret@example.com/"),
        ("KB_BASE_URL", "https://example.com/<script>"),
        ("KB_BASE_URL", "https://example.com/\x1b[31m/"),
        ("KB_BASE_URL", "https://example.com\\evil.example/"),
        ("KB_BASE_URL", "https://example.com:99999/"),
        ("KB_BASE_URL", "http://[::1/"),
        ("KB_SEARCH_ENGINE", "lunr"),
        ("KB_DATABASE_URL", "mysql://x"),
        ("KB_DATABASE_URL", "sqlite:///beside/the/command.sqlite3"),
        ("KB_DATABASE_URL", "sqlite:///:memory:"),
        ("KB_DATABASE_URL", "sqlite:////"),
        ("KB_DATABASE_URL", "sqlite:////srv/kb.sqlite3?mode=memory"),
        ("KB_DATABASE_URL", "postgresql://kb@[::1/kb"),
        ("KB_THREADS", "0"),
        ("KB_AUTH", "password"),
        ("KB_EMAIL_DOMAINS", "example.com; example.org"),
        ("KB_EMAIL_DOMAINS", "@example.com"),
        ("KB_MAIL_URL", "mail.example.com"),
        ("KB_MAIL_URL", "smtp://mail.example.com:x"),
        ("KB_MAIL_FROM", "Common Ground"),
        ("KB_OIDC_ISSUER", "http://login.example.com"),
        ("KB_OIDC_GROUPS", "groups:sales"),
        ("KB_PROXY_PEERS", "proxy.example.com"),
        ("KB_PROXY_PEERS", "10.0.3.7/24"),
        ("KB_PROXY_SECRET", "too-short"),
        ("KB_FORGE", "bitbucket"),
        ("KB_FORGE_URL", "http://git.example.com"),
        ("KB_FORGE_URL", "https://kb:secret@git.example.com"),
        ("KB_FORGE_REPOSITORY", "wiki"),
        ("KB_FORGE_REPOSITORY", "example/../wiki"),
        ("KB_FORGE_FOLDER", "../wiki"),
        ("KB_FORGE_TOKEN", "two words"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_what_would_do(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable} is .*; it must be"):
        load({variable: value})


def test_an_unknown_setting_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(SettingsError, match=r"There is no setting KB_PROT\. Did you mean KB_PORT\?"):
        load({"KB_PROT": "80"})


def test_the_base_url_tells_origin_and_path() -> None:
    settings = load({"KB_BASE_URL": "https://example.com/kb", "KB_AUTH": "none"})
    assert (settings.origin, settings.base_path) == ("https://example.com", "/kb/")


@pytest.mark.parametrize(
    "address", ["http://localhost:8000/", "https://[::1]:8443/a/b_c~d/", "http://wiki", "https://küche.example/"]
)
def test_an_address_may_be_any_that_people_use(address: str) -> None:
    assert load({"KB_BASE_URL": address, "KB_AUTH": "none"}).base_url == address.rstrip("/") + "/"


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "postgresql", "postgres"])
def test_an_address_of_postgresql_is_taken_in_every_usual_form(scheme: str) -> None:
    assert load({"KB_DATABASE_URL": f"{scheme}://kb@db/kb"}).database_url == "postgresql+psycopg://kb@db/kb"


@pytest.mark.parametrize(
    "address",
    ["postgresql://kb:pa:s@s/ecret@db/kb", "postgresql://db/kb?user=kb&password=pa:s@s/ecret", "mysql://kb:s/ecret@db"],
)
def test_a_password_is_never_shown(address: str) -> None:
    try:
        shown = load({"KB_DATABASE_URL": address}).shown("database_url")
    except SettingsError as error:
        shown = str(error)
    assert "***" in shown
    assert "ecret" not in shown


@pytest.mark.parametrize(
    "where", [{"KB_HOST": "0.0.0.0"}, {"KB_HOST": "192.0.2.1"}, {"KB_BASE_URL": "https://wiki.example.com/"}], ids=str
)
def test_nobody_on_a_network_may_pick_who_they_are(where: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="KB_AUTH is local"):
        load(where)
    assert load(where | {"KB_AUTH": "none"}).auth == "none"


@pytest.mark.parametrize(
    ("given", "public"),
    [
        ({}, True),
        ({"KB_PUBLIC_READ": "no"}, False),
        ({"KB_AUTH": "none"}, False),
        ({"KB_AUTH": "none", "KB_PUBLIC_READ": "Yes"}, True),
    ],
)
def test_reading_is_public_where_it_is_said_to_be_or_on_ones_own_machine(
    given: dict[str, str], *, public: bool
) -> None:
    assert load(given).is_public is public


@pytest.mark.parametrize(
    ("auth", "missing"),
    [
        ("email", "KB_BASE_URL"),
        ("oidc", "KB_BASE_URL and KB_OIDC_ISSUER and KB_OIDC_CLIENT_ID"),
        ("proxy", "KB_PROXY_PEERS and KB_PROXY_SECRET"),
    ],
)
def test_a_way_to_sign_in_that_lacks_something_says_what(auth: str, missing: str) -> None:
    with pytest.raises(SettingsError, match=f"KB_AUTH is {auth}, and that needs {missing} too"):
        load({"KB_AUTH": auth})


def test_mail_needs_a_sender() -> None:
    with pytest.raises(SettingsError, match="KB_MAIL_URL is set, and that needs KB_MAIL_FROM too"):
        load({"KB_MAIL_URL": "smtp://localhost"})


def test_a_forge_needs_what_it_is_asked_for() -> None:
    repository = {"KB_FORGE_REPOSITORY": "example/team/wiki.git"}
    with pytest.raises(SettingsError, match="KB_FORGE is gitea, and that needs KB_FORGE_URL and KB_FORGE_REPOSITORY"):
        load({"KB_FORGE": "gitea"})
    with pytest.raises(SettingsError, match="KB_FORGE_TOKEN is set, and that needs KB_FORGE too"):
        load({"KB_FORGE_TOKEN": "x"})
    assert load({"KB_FORGE": "gitlab", **repository}).forge_repository == "example/team/wiki"


def test_no_secret_is_shown() -> None:
    secret = "canary-of-24-characters-or-more"
    settings = load(
        {
            "KB_OIDC_CLIENT_SECRET": secret,
            "KB_PROXY_SECRET": secret,
            "KB_FORGE": "github",
            "KB_FORGE_REPOSITORY": "example/wiki",
            "KB_FORGE_TOKEN": secret,
            "KB_MAIL_URL": f"smtps://kb:{secret}@mail.example.com",
            "KB_MAIL_FROM": "wiki@example.com",
        }
    )
    shown = {setting.variable: settings.shown(setting.name) for setting in TABLE}
    assert secret not in str(shown)
    assert shown["KB_PROXY_SECRET"] == "***"
    assert shown["KB_MAIL_URL"] == "smtps://kb:***@mail.example.com"
    with pytest.raises(SettingsError) as refused:
        load({"KB_PROXY_SECRET": f"{secret},{secret}"})
    assert secret not in str(refused.value)


def test_settings_of_several_parts_are_shown_as_they_are_written() -> None:
    given = {
        "KB_EMAIL_DOMAINS": "example.com, example.org",
        "KB_PROXY_PEERS": "10.0.3.0/24, ::1/128",
        "KB_OIDC_GROUPS": "roles:sales-all=sales,mkt=marketing",
        "KB_PUBLIC_READ": "no",
    }
    settings = load(given)
    assert {row.variable: settings.shown(row.name) for row in TABLE if row.variable in given} == given
