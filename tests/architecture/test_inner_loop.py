"""The inner loop tries what is quick, a thin path through the rest, and nothing that takes its time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
LOOP = "not slow and not journey"
CONFTEST = """
import inner_loop, pytest
inner_loop.MOST = 0.05

def pytest_configure(config):
    config.addinivalue_line("markers", "slow: left out")
    config.addinivalue_line("markers", "journey: left out")

def pytest_pycollect_makeitem(collector, obj):
    return [] if inner_loop.is_never_tried(collector, obj) else None

def pytest_collection_modifyitems(items):
    inner_loop.leave_out(items)

@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    return (yield from inner_loop.watched(item))

@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request): return request.param

@pytest.fixture
def stores(): return None
"""
TESTS = """
import subprocess, sys, pytest
from hypothesis import given, strategies

BUSY = "max(number**2 for number in range(4_000_000))"

def test_plain(): pass
@pytest.mark.slow
def test_named_slow(database): eval(BUSY)
def test_thin(database): pass
def test_the_rest(database): pass
def test_of_postgresql(stores): pass
@given(strategies.integers())
def test_by_chance(number): pass
@pytest.mark.journey
def test_story(): eval(BUSY)
def test_busy(): eval(BUSY)
def test_waiting_for_what_is_busy(): subprocess.run([sys.executable, "-c", BUSY])
"""


@pytest.fixture
def loop(tmp_path: Path) -> Path:
    """A suite of each kind of test, and more files of dear ones."""
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    for name in ("test_more.py", "test_still_more.py", "test_too_many.py"):
        (tmp_path / name).write_text("def test_dear(database): pass\ndef test_plain(): pass\n", encoding="utf-8")
    return tmp_path


def run(loop: Path, *options: str) -> list[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-q", *options]
    environment = os.environ | {"PYTHONPATH": str(HERE), "PYTEST_ADDOPTS": ""}
    done = subprocess.run(command, cwd=loop, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


@pytest.mark.slow
def test_of_what_is_dear_it_tries_the_first_test_of_a_few_files_of_each_folder(loop: Path) -> None:
    tried = [line for line in run(loop, "--collect-only", "-m", LOOP) if "::" in line]
    first = ["test_plain", "test_thin[sqlite]", "test_busy", "test_waiting_for_what_is_busy"]
    assert tried[:4] == [f"test_it.py::{name}" for name in first]
    assert tried[4:] == [
        *("test_more.py::test_dear[sqlite]", "test_more.py::test_plain"),
        *("test_still_more.py::test_dear[sqlite]", "test_still_more.py::test_plain"),
        "test_too_many.py::test_plain",
    ]


@pytest.mark.slow
def test_what_takes_its_time_is_to_be_marked(loop: Path) -> None:
    failed = [line.partition("::")[2].split()[0] for line in run(loop, "-m", LOOP) if line.startswith("FAILED")]
    assert failed == ["test_busy", "test_waiting_for_what_is_busy"]
