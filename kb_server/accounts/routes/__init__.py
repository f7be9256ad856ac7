"""Signing in and out, one's own account, and who is in which team, over HTTP."""

from __future__ import annotations

from flask import Blueprint

from kb_server.accounts.routes import account, mailed, me, oidc, people, signing

blueprint = Blueprint("accounts", __name__)
for part in (signing, mailed, oidc, account, people, me):
    part.add(blueprint)
