"""Everything upkeep does for the command line and the server, by name."""

from __future__ import annotations

from kb_server.upkeep.backing import back_up, require_store
from kb_server.upkeep.daily import daily_backups
from kb_server.upkeep.doctor import examine, is_broken
from kb_server.upkeep.failures import problems
from kb_server.upkeep.indexing import rebuild as rebuild_index
from kb_server.upkeep.indexing import verify as verify_index
from kb_server.upkeep.locks import sharing
from kb_server.upkeep.restoring import missing_build, restore
from kb_server.upkeep.starting import damage_named, mend_index, refuse_damage
from kb_server.upkeep.ticking import ticking
from kb_server.upkeep.transfer import transfer

__all__ = [
    "back_up",
    "daily_backups",
    "damage_named",
    "examine",
    "is_broken",
    "mend_index",
    "missing_build",
    "problems",
    "rebuild_index",
    "refuse_damage",
    "require_store",
    "restore",
    "sharing",
    "ticking",
    "transfer",
    "verify_index",
]
