"""Whole wikis through the real MkDocs: the sample, one of one's own, one that knows nothing of us, and broken ones."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb_server.app import create_app
from kb_server.builds import service
from kb_server.builds.making import BuildFailed
from kb_server.config import Settings
from kb_server.db import Database, migrate
from kb_server.wiki import init

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
FOREIGN = """\
site_name: Somebody's wiki
theme: {name: material}
plugins: [search, kb]
"""


@pytest.fixture
def served(tmp_path: Path) -> Callable[[Path], FlaskClient]:
    """Build and publish a wiki; gives a client of its server."""

    def run(config_file: Path) -> FlaskClient:
        data = tmp_path / "data"
        settings = Settings(config_file=config_file, data_dir=data, database_url=f"sqlite:///{data / 'kb.sqlite3'}")
        database = Database(settings.database_url)
        migrate(database, data / "backups")
        service.publish(database, settings, service.build(settings))
        return create_app(settings, database).test_client()

    return run


def total(client: FlaskClient, query: str) -> int:
    answer: int = client.get("/api/v1/search", query_string={"query": query}).get_json()["total"]
    return answer


def test_the_same_wiki_gives_the_same_build(sample: Path, tmp_path: Path) -> None:
    again = service.build(Settings(config_file=ROOT / "mkdocs.yml", data_dir=tmp_path))
    assert again in {build.name for build in (sample / "builds").iterdir()}
    manifests = [(data / "builds" / again / "_kb" / "manifest.json").read_bytes() for data in (sample, tmp_path)]
    assert manifests[0] == manifests[1]


def test_every_sentence_of_the_sample_can_be_found(sample: Path, tmp_path: Path) -> None:
    data = shutil.copytree(sample, tmp_path / "data", symlinks=True)
    settings = Settings(config_file=ROOT / "mkdocs.yml", data_dir=data, database_url=f"sqlite:///{data}/kb.sqlite3")
    client = create_app(settings, Database(settings.database_url)).test_client()
    build = client.application.extensions["kb"].site.current()
    pages = [page for page in build.manifest.pages if not page.shell]
    assert len(pages) >= 35
    for page in pages:
        sentence = max(re.split(r"[.\n]", "\n".join(section.text for section in page.sections)), key=len).strip()
        found = client.get("/api/v1/search", query_string={"query": f'"{sentence}"'}).get_json()["hits"]
        assert page.id in {hit["page_id"] for hit in found}, sentence


def test_a_wiki_of_ones_own_is_built_and_served(tmp_path: Path, served: Callable[[Path], FlaskClient]) -> None:
    answers = init.answers('Ma"x & Söhne: GmbH', ["Vertrieb", "Marketing", "R & D"], ["Änne", "Bo", "Cy"], "Di", "")
    init.create(tmp_path / "wiki", answers)
    client = served(tmp_path / "wiki" / "mkdocs.yml")
    assert client.get("/").status_code == 200
    assert "Söhne" in client.get("/").text
    assert total(client, "qualified lead") > 0
    assert client.get("/search/?query=lead").status_code == 200


def test_one_line_is_enough_for_a_wiki_that_knows_nothing_of_us(
    tmp_path: Path, served: Callable[[Path], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = tmp_path / "wiki" / "docs"
    docs.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "wiki")
    Path("yaml.py").write_text("raise SystemExit('what lies where somebody stands was imported')")
    (tmp_path / "wiki" / "mkdocs.yml").write_text(FOREIGN)
    (docs / "index.md").write_text("# Welcome\n\nA sentence to be found.\n\n## Zebra crossing\n\nStripes.\n")
    client = served(tmp_path / "wiki" / "mkdocs.yml")
    assert total(client, "sentence") == 1
    assert total(client, "zebra") == 1
    page = client.get("/search/?query=stripes")
    assert page.status_code == 200
    assert "Zebra crossing" in page.text


@pytest.mark.parametrize(
    ("matter", "words"),
    [
        ("id: home\nkind: poem", "poem"),
        ("id: home\nreview: 2026-02-31", "2026-02-31"),
        ("id: Home", "id"),
        ("id: home\nkind: webinar", "date"),
    ],
)
def test_a_broken_page_stops_the_build_and_what_was_published_is_still_served(
    matter: str, words: str, tmp_path: Path, served: Callable[[Path], FlaskClient], capfd: pytest.CaptureFixture[str]
) -> None:
    docs = tmp_path / "wiki" / "docs"
    docs.mkdir(parents=True)
    config_file = tmp_path / "wiki" / "mkdocs.yml"
    config_file.write_text(FOREIGN)
    (docs / "index.md").write_text("# Welcome\n")
    client = served(config_file)
    (docs / "index.md").write_text(f"---\n{matter}\n---\n\n# Welcome\n")
    with pytest.raises(BuildFailed):
        service.build(client.application.extensions["kb"].settings)
    said = capfd.readouterr().err
    assert "docs/index.md:" in said
    assert "Fix:" in said
    assert words in said
    assert client.get("/").status_code == 200
