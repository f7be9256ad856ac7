"""Killed at each step of the very first start: the next one completes it, or begins anew."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable

import pytest
from by_hand import page
from faults.torture import DYING
from processes import KB

from kb_server.config import Settings

pytestmark = pytest.mark.slow
STEPS = (
    "kb_server.db.migrating:_upgrade:1:after",  # all tables are made, and none committed
    "kb_server.db.meta:give_instance:1:before",
)


@pytest.fixture
def store_kind() -> str:
    return "sqlite"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.partition(":")[2])
def test_a_first_start_that_was_killed_is_completed_by_the_next(
    settings: Settings, make_build: Callable[..., str], step: str
) -> None:
    build_id = make_build(page("a"))
    environment = os.environ | {"KB_DATA_DIR": str(settings.data_dir)}
    killed = subprocess.run([*DYING, step, "publish", build_id], env=environment, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    done = subprocess.check_output([*KB, "publish", build_id], env=environment, text=True)
    assert done == f"Build {build_id} is current (publication 1).\n"
