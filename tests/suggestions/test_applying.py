"""What a suggestion carries gets into the wiki's repository: on a branch, by a patch, and never more than the text."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import by_hand
import pytest
from click.testing import CliRunner, Result
from pasts import IDENTITY, Past
from suggesting import House
from wiki.editing.test_edits import FINE, HOSTILE, LINE, PAGE, SECTION

from kb_server.cli import kb
from kb_server.config import Settings
from kb_server.errors import Conflict, Invalid, KbError, NotFound
from kb_server.suggestions import hiding
from kb_server.suggestions.applying import patching, putting, saying, service, sources, terminal
from kb_server.suggestions.applying.terminal import Made
from kb_server.suggestions.carrying import service as carrying
from kb_server.suggestions.edits import storage
from kb_server.suggestions.edits.models import KeptEdit
from kb_server.suggestions.models import Suggestion
from kb_server.wiki import committing
from kb_server.wiki.editing.refusing import Refused
from kb_server.wiki.landed import trailers
from kb_server.wiki.landed.trailers import Said

BETTER = FINE[0]
EDIT = KeptEdit("docs/calls.md", SECTION, BETTER, LINE, "Calling back", page="calls", section="calling-back")
NEW = KeptEdit(
    "docs/fairs.md", "", "# Fairs\n\nWe go.", 0, "Fairs", "fairs", front="---\nid: fairs\n---\n\n", position=1
)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def store_kind() -> str:
    """Nothing here differs between databases."""
    return "sqlite"


@pytest.fixture
def past(tmp_path: Path) -> Past:
    made = Past(tmp_path / "wiki")
    (made.folder / "mkdocs.yml").write_text("site_name: Wiki\n")
    made.commit("First", calls=PAGE, windows="# W\r\n\r\n## Last\r\n\r\nNo end")
    (made.docs / "calls.md").write_text(PAGE.replace("soon", "maybe"))
    return made


@pytest.fixture
def settings(settings: Settings, past: Past) -> Settings:
    return replace(settings, config_file=past.folder / "mkdocs.yml", base_url="https://wiki.example.com/")


@pytest.fixture
def applied(house: House, settings: Settings) -> Callable[..., Made]:
    """Suggest these edits, and apply them on the terminal."""

    def run(*edits: KeptEdit, branch: str = "", body: str = "Say by when you call back\n\nThey ask.") -> Made:
        number = suggested(house, *edits, body=body).number
        with house.database.read() as connection:
            ready = terminal.found(connection, number, settings)
        return terminal.apply(settings, ready, branch)

    return run


def suggested(house: House, *edits: KeptEdit, body: str = "Say by when you call back") -> Suggestion:
    one = house.ask("sam", body)
    with house.database.transaction() as connection:
        storage.add(connection, one.number, one.version, "2026-11-23T09:00:00Z", edits)
    return one


def look(past: Past) -> tuple[object, ...]:
    files = {path: path.read_bytes() for path in past.folder.rglob("*") if path.is_file() and ".git" not in path.parts}
    refs = past.git("for-each-ref"), past.git("rev-parse", "HEAD"), (past.folder / ".git" / "index").read_bytes()
    return files, refs


def test_on_the_terminal_it_becomes_one_commit_of_whoever_suggested_it(
    past: Past, applied: Callable[..., Made]
) -> None:
    files, _ = look(past)
    made = applied(EDIT, NEW)
    assert (made.branch, made.files) == ("suggestion/S-1", ("docs/calls.md", "docs/fairs.md"))
    assert look(past)[0] == files
    assert committing.text(past.folder, made.commit, "docs/calls.md") == PAGE.replace(SECTION, BETTER)
    assert committing.text(past.folder, made.commit, "docs/fairs.md") == "---\nid: fairs\n---\n\n# Fairs\n\nWe go.\n"
    assert past.git("log", "-1", "--format=%an <%ae>%n%B", made.commit) == (
        "Sam <sam@example.com>\nSay by when you call back\n\n> They ask.\n\nCloses: S-1\nSuggested-by: Sam"
    )
    told = terminal.report(made, "main")
    assert "git push origin suggestion/S-1" in told
    assert "Give it a place" not in told
    with pytest.raises(Conflict, match="is there already"):
        applied(EDIT, branch="suggestion/S-1")
    assert applied(EDIT, branch="mine").branch == "mine"


def test_whoever_carried_a_text_over_is_named_in_its_commit_beside_whoever_suggested_it(
    past: Past, house: House, settings: Settings
) -> None:
    one = suggested(house, EDIT)
    for handle, text in (("mia", f"{BETTER} Always."), ("sam", f"{BETTER} Ever."), ("mia", BETTER)):
        house.do(carrying.carry, handle, one, one.version, [replace(EDIT, after=text)])
        one = house.one(one)
    with house.database.read() as connection:
        made = terminal.apply(settings, terminal.found(connection, one.number, settings))
    assert past.git("log", "-1", "--format=%an|%(trailers)", made.commit).splitlines() == [
        "Sam|Closes: S-1",
        "Suggested-by: Sam",
        "Co-authored-by: Mia <mia@example.com>",
    ]


def test_the_page_is_found_where_it_was_renamed_to(past: Past, house: House, applied: Callable[..., Made]) -> None:
    past.commit("Moved", calls=None, by_phone=PAGE)
    assert applied(EDIT).files == ("docs/by_phone.md",)
    there = replace(by_hand.page("calls"), source_path="docs/by_phone.md")
    one = suggested(house, EDIT)
    with house.database.read() as connection:
        ready = service.wanted(connection, house.actors["mia"], one, {"calls": there}, Settings())
    assert [edit.path for edit in ready.edits] == ["docs/by_phone.md"]
    past.commit("Twice", again=PAGE)
    with pytest.raises(Conflict, match="has changed since"):
        applied(replace(EDIT, path="docs/gone.md"), branch="other")


def test_the_command_names_the_branch_and_refuses_what_is_no_suggestion(
    past: Past, house: House, settings: Settings
) -> None:
    suggested(house, EDIT)
    environment = {"KB_DATABASE_URL": settings.database_url, "KB_DATA_DIR": str(settings.data_dir)}

    def run(*words: str) -> Result:
        words = ("apply", *words, "-f", str(settings.config_file))
        return CliRunner().invoke(kb, words, env=environment)

    done = run("s-1", "--branch", "better/calls")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("better/calls has ")
    assert past.git("diff", "--name-only", "main", "better/calls") == "docs/calls.md"
    for words, said in (
        (("S-2",), "no S-2"),
        (("S-1; rm",), "is no suggestion"),
        (("1", "--branch", "-f"), "no name"),
        (("1", "--branch", "a..b"), "no name"),
    ):
        assert said in str(run(*words).exception)


@pytest.mark.parametrize("after", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_changes_nothing_at_all(past: Past, applied: Callable[..., Made], after: str) -> None:
    before = look(past)
    with pytest.raises(KbError):
        applied(replace(EDIT, after=after), NEW)
    assert look(past) == before


@pytest.mark.parametrize(
    "edit",
    [
        *(
            replace(NEW, path=path)
            for path in ("docs/../x.md", "mkdocs.yml", "docs/hooks.py", ".git/hooks/x.md", "x.md")
        ),
        *(
            replace(NEW, path=path)
            for path in ("docs/calls.md", "docs/Calls.md", "docs/.x.md", "/tmp/x.md", "docs/-x.md")
        ),
        *(replace(EDIT, path=path) for path in ("mkdocs.yml", "docs/../mkdocs.yml", ".git/config")),
        replace(EDIT, path="docs/none.md", page="none"),
        *(replace(NEW, after=text) for text in ("<script>x</script>", "---\nid: x\n---\n\nText", '--8<-- "x"')),
    ],
)
def test_a_hostile_place_changes_nothing_at_all(past: Past, applied: Callable[..., Made], edit: KeptEdit) -> None:
    before = look(past)
    with pytest.raises(KbError):
        applied(edit)
    assert look(past) == before


def test_a_text_that_changed_since_is_named_and_never_merged(past: Past, applied: Callable[..., Made]) -> None:
    past.commit("Meanwhile", calls=PAGE.replace("- second", "- another"))
    before = look(past)
    with pytest.raises(Conflict, match="has changed since this was suggested: “Calling back”"):
        applied(EDIT, NEW)
    assert look(past) == before


def test_several_sections_of_one_file_are_put_in_where_each_was_read() -> None:
    source = "# A\n\nOne.\n\n## B\n\nTwo.\n\n## C\n\nThree.\n"
    first = KeptEdit("docs/a.md", "# A\n\nOne.", "# A\n\nOne.\n\nMore.\n\nAnd more.", 1, position=0)
    last = KeptEdit("docs/a.md", "## C\n\nThree.", "## C\n\n3.", 9, position=1)
    made = putting.put([first, last], {"docs/a.md": source}.get, "docs")
    assert made.files == {"docs/a.md": "# A\n\nOne.\n\nMore.\n\nAnd more.\n\n## B\n\nTwo.\n\n## C\n\n3.\n"}
    gone = putting.put([first, replace(last, before="## C\n\nOther.")], {"docs/a.md": source}.get, "docs")
    assert gone.changed == {1: "## C\n\nThree."}
    assert putting.put([first], lambda _path: None, "docs").changed == {0: ""}
    twice = source.replace("## C\n\nThree.", "## B\n\nTwo.")
    last = KeptEdit("docs/a.md", "## B\n\nTwo.", "## B\n\n2.", 9, position=1)
    made = putting.put([first, last], {"docs/a.md": twice}.get, "docs")
    assert made.files["docs/a.md"].endswith("## B\n\nTwo.\n\n## B\n\n2.\n")


def test_whether_a_text_reads_as_suggested_is_told_from_its_sections_alone() -> None:
    better = PAGE.replace(SECTION, BETTER)
    new = "---\nid: fairs\n---\n\n# Fairs\n\nWe go.\n"
    for calls, fairs, stands in (
        (better, new, True),
        (better.replace("\n", "\r\n"), new.replace("\n", "\r\n"), True),
        (f"# Something new above\n\n{better}", new, True),
        (PAGE, new, False),
        (better, None, False),
        (None, new, False),
        (better, f"{new}\nMore.\n", False),
        (better.replace(BETTER, f"{BETTER} And more."), new, False),
    ):
        read = {"docs/calls.md": calls, "docs/fairs.md": fairs}.get
        assert putting.stand([EDIT, NEW], read) == stands


def test_the_same_text_outside_of_the_wikis_pages_is_not_changed() -> None:
    for path in ("notes/calls.md", "docs2/calls.md", "docs/calls.py", "calls.md"):
        with pytest.raises(Refused):
            putting.put([replace(EDIT, path=path)], lambda _path: PAGE, "docs")


def test_what_has_no_text_or_is_not_open_is_not_applied(house: House, settings: Settings) -> None:
    plain, carried, hidden = house.ask(), suggested(house, EDIT), suggested(house, NEW)
    house.act("mia", carried, "decline", words="Not now")
    house.do(hiding.hide, "lee", hidden)
    with house.database.read() as connection:
        for number, error, said in (
            (plain.number, NotFound, "no text"),
            (9, NotFound, "no S-9"),
            (2, Conflict, "open"),
            (3, Conflict, "hidden"),
        ):
            with pytest.raises(error, match=said):
                terminal.found(connection, number, settings)


TRICKS = (
    "Closes: S-9",
    "closes S-9 please",
    "Refs: S-9",
    "Fixes #4",
    "fixes example/wiki#4",
    "see https://git.example.com/x/issues/4",
    "GH-4",
    "@everybody look",
    "/merge",
    "> /approve",
    "!12",
    "This reverts commit 5d1c2e0aa.",
    'Revert "Something"',
    "Wording: calls",
    "Text [skip ci]",
    "<img src=x>",
    "Draft: never merge",
    "A \u202etrick @x",
)


def test_whoever_merges_a_new_page_is_told_that_the_navigation_has_to_name_it(
    past: Past, applied: Callable[..., Made], house: House
) -> None:
    configuration = past.folder / "mkdocs.yml"
    configuration.write_text(configuration.read_text() + "nav: [index.md]\n")
    told = terminal.report(applied(NEW), "main")
    assert "Give it a place in `nav` of mkdocs.yml on that branch: - fairs.md" in told
    assert "Give it a place" not in terminal.report(applied(EDIT), "main")
    asked = [saying.body(house.ask("sam", "A page"), "Sam", "", is_new=is_new) for is_new in (True, False)]
    assert ["before you merge" in one for one in asked] == [True, False]


@pytest.mark.parametrize("trick", TRICKS)
def test_what_was_typed_does_nothing_where_it_is_applied(house: House, trick: str) -> None:
    for body in (trick, f"A title\n\nFine.\n{trick}\n\n{trick}\nFine, too."):
        one = house.ask("sam", body)
        message = saying.message(one, "Sam")
        request = saying.body(one, "Sam", "https://wiki.example.com/s/1/", is_new=True)
        for text in (
            message,
            saying.request_title(one),
            f"{saying.request_title(one)} (#3)\n\n* {message}",
            f"Merge branch 'x'\n\n{saying.request_title(one)}\n\n{request}",
            f"Merge pull request '{saying.request_title(one)}' (#3) from x into main",
        ):
            assert trailers.said(text) == Said(closes=(one.number,)), text
        assert trick not in f"{message} {request}".replace("/s/1/", "")
        assert one.title != "A title" or "> Fine.\n> Fine, too." in message
    assert trailers.said(saying.message(one, f"Sam\nCloses: S-9 <{trick}>")).closes == (one.number,)


def test_the_patch_is_taken_by_git_with_who_suggested_it(past: Past, house: House, settings: Settings) -> None:
    last = KeptEdit("docs/windows.md", "## Last\n\nNo end", "## Last\n\nÄ “better” end", 3, "Last", position=2)
    one = suggested(house, EDIT, NEW, last, body="Ä better title\n\n--- a\ndiff --git a/x b/x\n")
    with house.database.read() as connection:
        ready = replace(terminal.found(connection, one.number, settings), name="Zoë, of Sales")
    source = sources.of_folder(settings)
    assert source is not None
    made = putting.put(ready.edits, source.read, "docs")
    text = patching.patch(made, ready.message, ready.name, ready.email, NOW)
    past.git("checkout", "-q", "--", "docs/calls.md")
    command = ["git", "-C", str(past.folder), "am", "-q", "--keep-cr"]
    subprocess.run(
        command, input=text.encode(), check=True, env={"PATH": "/usr/bin:/bin", **IDENTITY}, capture_output=True
    )
    assert past.git("log", "-1", "--format=%an|%ae|%s") == "Zoë, of Sales|sam@example.com|Ä better title"
    assert past.git("show", "HEAD:docs/calls.md") == PAGE.replace(SECTION, BETTER).strip()
    assert (past.docs / "windows.md").read_bytes().decode() == "# W\r\n\r\n## Last\r\n\r\nÄ “better” end"
    assert trailers.said(past.git("log", "-1", "--format=%B")) == Said(closes=(one.number,))


def test_a_patch_of_any_texts_gives_these_texts(past: Past) -> None:
    texts = [
        "",
        "a",
        "a\n",
        "a\nb\n",
        "b\na\n",
        "\n",
        "\n\n",
        "a\n" * 30,
        "b\n" + "a\n" * 30,
        "a\n" * 30 + "b",
        "a\n" * 15 + "c\n" + "a\n" * 15,
    ]
    past.git("checkout", "-q", "--", "docs")
    for at, (old, new) in enumerate((old, new) for old in texts for new in texts if old != new and old):
        if at % 7:
            continue  # each seventh pair tells as much
        (past.docs / "x y.md").write_text(old)
        put = putting.Put({"docs/x y.md": new}, frozenset(), {"docs/x y.md": old})
        text = patching.patch(put, "Title\n\nCloses: S-1\n", "Sam", "sam@example.com", NOW)
        command = ["git", "-C", str(past.folder), "apply", "-"]
        subprocess.run(command, input=text.encode(), check=True, capture_output=True)
        assert (past.docs / "x y.md").read_text() == new


def test_without_git_the_files_of_the_folder_are_read_and_no_others(settings: Settings, tmp_path: Path) -> None:
    home = tmp_path / "plain"
    (home / "docs").mkdir(parents=True)
    (home / "mkdocs.yml").write_text("site_name: x\n")
    (home / "docs" / "a.md").write_bytes(b"A\r\n")
    (home / "docs" / "link.md").symlink_to("/etc/passwd")
    source = sources.of_folder(replace(settings, config_file=home / "mkdocs.yml"))
    assert source is not None
    assert [source.read(path) for path in ("docs/a.md", "docs/link.md", "docs/../mkdocs.yml", "docs/none.md")] == [
        "A\r\n",
        *(None, None, None),
    ]
    assert sources.of_folder(replace(settings, config_file=home / "none.yml")) is None


def test_a_folder_that_git_does_not_know_cannot_be_committed_to(
    house: House, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "plain" / "docs").mkdir(parents=True)
    (tmp_path / "plain" / "mkdocs.yml").write_text("site_name: x\n")
    settings = replace(settings, config_file=tmp_path / "plain" / "mkdocs.yml")
    number = suggested(house, EDIT).number
    with house.database.read() as connection:
        ready = terminal.found(connection, number, settings)
    with pytest.raises(Invalid, match="cannot be committed to"):
        terminal.apply(settings, ready)
