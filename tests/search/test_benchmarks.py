"""The commands behind the figures run, and what they say of the sample wiki is what we say of search."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str) -> str:
    """What a benchmark prints."""
    script, *words = command
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / script), *words], check=True, capture_output=True, text=True
    )
    return done.stdout


def test_every_command_of_the_figures_is_one_of_make_bench_or_named_by_it_as_apart() -> None:
    listing = (ROOT / "benchmarks" / "run.py").read_text()
    figures = (ROOT / "docs" / "about" / "figures.md").read_text()
    named = re.findall(r"python benchmarks/(\w+\.py)|`(make [a-z-]+)", figures)
    missing = {script or command for script, command in named if (script or command) not in listing}
    assert not missing, "Name it in benchmarks/run.py, so that `make bench` does not seem to measure all there is."


@pytest.mark.slow
def test_known_sections_are_found_better_than_by_the_engine_alone_and_by_lunr() -> None:
    table = run("relevance.py", str(ROOT / "docs"), "--items", "60", "--engines", "sqlite")
    found = {row[1]: float(row[2]) for row in re.finditer(r"^\| ([^|]+) \| (0\.\d+) ", table, re.MULTILINE)}
    assert found["ours, sqlite"] > 0.85
    assert found["ours, sqlite"] > max(found["lunr"], found["FTS5, porter, bm25"])


@pytest.mark.slow
def test_the_same_questions_are_asked_every_time() -> None:
    command = ("search.py", str(ROOT / "docs"), "--sections", "200", "--each", "5", "--engines", "sqlite", "--no-http")
    steady = [re.findall(r"^\| 200 \| (?:questions without|one letter).*$", run(*command), re.MULTILINE) for _ in "ab"]
    assert len(steady[0]) == 2
    assert steady[0] == steady[1]
