"""How every cookie of ours is set."""

from __future__ import annotations

from typing import Any

from kb_server.web.context import kb


def flags(below: str = "") -> dict[str, Any]:
    """For this wiki alone, or a part `below` its root; out of reach of scripts, and of forms of other sites."""
    secure = kb().settings.origin.startswith("https:")
    return {"path": kb().settings.base_path + below, "secure": secure, "httponly": True, "samesite": "Lax"}
