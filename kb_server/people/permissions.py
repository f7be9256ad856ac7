"""The one table of who may do what. Routes are in it, and so is everything that depends on whose thing it is.

A route whose endpoint is missing here cannot be registered: `check_routes` stops the start, and a test walks them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb_server.errors import Forbidden, KbError
from kb_server.people.holders import (
    NOTHING,
    Check,
    Thing,
    admin,
    anybody,
    author,
    liaison,
    owner,
    reader,
    signed_in,
    speaker,
    teammate,
    the_build,
)
from kb_server.people.models import Actor

__all__ = ["MAY", "ROUTES", "Permission", "SignInFirst", "Thing", "check_routes", "may", "require", "scopes"]


class SignInFirst(Forbidden):
    """Nobody is signed in, and this needs somebody who is."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may: anybody for whom one of the checks holds. A token needs the `scope` besides; "" is open to none."""

    who: tuple[Check, ...]
    scope: str = ""


MAY: dict[str, Permission] = {
    # The wiki
    "open": Permission((anybody,), "read"),
    "read": Permission((reader,), "read"),
    "removed.read": Permission((signed_in,), "read"),
    # Previews of branches: by whoever may push, published by nobody, and so for those who are signed in alone
    "preview.see": Permission((signed_in,), "read"),
    # One's own account: never with a token, which would outlive the session that made it
    "account": Permission((signed_in,)),
    # Who is in which team: those who see to it, of their own teams; a service asks again for the team in question
    "membership.confirm": Permission((liaison, admin)),
    "people.see": Permission((liaison, admin)),
    "people.list": Permission((admin,)),
    # What waits for oneself, what one watches, and how mail about it comes
    "waiting.see": Permission((signed_in,), "read"),
    "waiting.change": Permission((signed_in,), "talk"),
    # What an address in a mail does: it is signed for that alone, and whoever has the mail may use it
    "signed": Permission((anybody,)),
    # Conversations
    "talk": Permission((signed_in,), "talk"),
    "thread.start": Permission((signed_in,), "talk"),
    "comment.post": Permission((signed_in,), "talk"),
    "comment.agree": Permission((signed_in,), "talk"),
    "comment.flag": Permission((signed_in,), "talk"),
    "comment.edit": Permission((author,), "talk"),
    "comment.delete": Permission((author,), "talk"),
    "thread.settle": Permission((author, owner, teammate, liaison, admin), "talk"),
    "thread.reopen": Permission((author, owner, teammate, liaison, admin), "talk"),
    "thread.move": Permission((owner, teammate, liaison, admin), "talk"),
    "thread.attach": Permission((author, owner, liaison, admin), "talk"),
    "comment.hide": Permission((liaison, admin)),
    # Suggestions: answering lies with the team that was asked, going on with whoever asked and their team
    "suggestion.ask": Permission((signed_in,), "talk"),
    "suggestion.vote": Permission((signed_in,), "talk"),
    "suggestion.remark": Permission((signed_in,), "talk"),
    "suggestion.answer": Permission((teammate, liaison, admin), "talk"),
    "suggestion.go_on": Permission((author, teammate), "talk"),
    "suggestion.own": Permission((author,), "talk"),
    # Applying what it would have the text say: with the wiki's rights at a forge, so never with a token
    "suggestion.take": Permission((signed_in,)),
    "suggestion.apply": Permission((owner, teammate, liaison, admin)),
    "suggestion.deliver": Permission((the_build,)),
    "suggestion.label": Permission((liaison, admin), "talk"),
    "suggestion.hide": Permission((liaison, admin)),
    # Definitions: never with a token, since an agreement is a person's
    "definition.visit": Permission((signed_in,)),
    "definition.say": Permission((speaker,)),
    "definition.check": Permission((owner, teammate, liaison)),
    "definition.declare": Permission((owner, speaker, liaison)),
    "definition.add_case": Permission((owner, teammate, speaker, liaison)),
    "definition.remove_case": Permission((author, owner, liaison, admin)),
    # Was this helpful?
    "helpful.say": Permission((signed_in,), "talk"),
    "helpful.see": Permission((owner, liaison, admin), "read"),
    "moderation.see": Permission((admin,)),
}
"""Everything somebody may do, and who may."""

ROUTES: dict[str, str] = {
    "health.healthz": "open",
    "health.readyz": "open",
    "accounts.sign_in": "open",
    "accounts.enter": "open",
    "accounts.invitation": "open",
    "accounts.accept": "open",
    "accounts.code": "open",
    "accounts.enter_code": "open",
    "accounts.link": "open",
    "accounts.enter_link": "open",
    "accounts.out": "open",
    "accounts.back": "open",
    "accounts.sign_out": "open",
    "accounts.me": "open",
    "accounts.account": "account",
    "accounts.export": "account",
    "accounts.ask": "account",
    "accounts.leave": "account",
    "accounts.away": "account",
    "accounts.back_again": "account",
    "accounts.end_browser": "account",
    "accounts.end_others": "account",
    "accounts.make_token": "account",
    "accounts.end_token": "account",
    "accounts.people": "people.see",
    "accounts.confirm": "membership.confirm",
    "accounts.decline": "membership.confirm",
    "api.document": "read",
    "api.page": "read",
    "search.hits": "read",
    "search.page": "read",
    "search.similar": "read",
    "threads.on_page": "read",
    "threads.part": "read",
    "threads.thread": "read",
    "threads.past_of_page": "read",
    "threads.past_of_thread": "read",
    "threads.comment": "read",
    "threads.draft": "talk",
    "threads.start": "talk",
    "threads.answer": "talk",
    "threads.settle": "talk",
    "threads.reopen": "talk",
    "threads.move": "talk",
    "threads.attaching": "talk",
    "threads.attach": "talk",
    "threads.lost": "talk",
    "threads.edit": "talk",
    "threads.delete": "talk",
    "threads.agree": "talk",
    "threads.flag": "talk",
    "threads.hide": "talk",
    "threads.show": "talk",
    "threads.moderated": "moderation.see",
    "suggestions.board": "read",
    "suggestions.table": "read",
    "suggestions.data": "read",
    "suggestions.new": "read",
    "suggestions.part": "read",
    "suggestions.one": "read",
    "suggestions.one_remark": "read",
    "suggestions.draft": "talk",
    "suggestions.ask": "talk",
    "suggestions.act": "talk",
    "suggestions.keep_open": "talk",
    "suggestions.vote": "talk",
    "suggestions.address": "talk",
    "suggestions.label": "talk",
    "suggestions.editing": "talk",
    "suggestions.edit": "talk",
    "suggestions.hide": "talk",
    "suggestions.show": "talk",
    "suggestions.remark": "talk",
    "suggestions.edit_remark": "talk",
    "suggestions.delete_remark": "talk",
    "suggestions.hide_remark": "talk",
    "suggestions.show_remark": "talk",
    "suggestion_edits.new": "read",
    "suggestion_edits.new_page": "read",
    "suggestion_edits.draft": "talk",
    "suggestion_edits.ask": "talk",
    "suggestion_edits.editing": "talk",
    "suggestion_edits.edit": "talk",
    "suggestion_carrying.page": "talk",
    "suggestion_carrying.carry": "talk",
    "suggestion_applying.page": "suggestion.take",
    "suggestion_applying.apply": "suggestion.take",
    "suggestion_applying.patch": "suggestion.take",
    "suggestions_api.suggestions": "read",
    "suggestions_api.ask": "talk",
    "suggestions_api.suggestion": "read",
    "suggestions_api.edit": "talk",
    "suggestions_api.history": "read",
    "suggestions_api.edits": "read",
    "suggestions_api.act": "talk",
    "suggestions_api.vote": "talk",
    "suggestions_api.unvote": "talk",
    "suggestions_api.address": "talk",
    "suggestions_api.label": "talk",
    "suggestions_api.remarks": "read",
    "suggestions_api.remark": "talk",
    "helpful.page": "read",
    "helpful.say": "helpful.say",
    "talk_api.threads": "read",
    "talk_api.thread": "read",
    "talk_api.comments": "read",
    "talk_api.comment": "read",
    "talk_api.start": "talk",
    "talk_api.answer": "talk",
    "talk_api.settle": "talk",
    "talk_api.reopen": "talk",
    "talk_api.move": "talk",
    "talk_api.attach": "talk",
    "talk_api.edit": "talk",
    "talk_api.delete": "talk",
    "talk_api.agree": "talk",
    "talk_api.disagree": "talk",
    "talk_api.flag": "talk",
    "notifications.entries": "waiting.see",
    "notifications.seen_by_program": "waiting.change",
    "notifications.page": "waiting.see",
    "notifications.answering": "waiting.see",
    "notifications.seen": "waiting.change",
    "notifications.settings": "waiting.see",
    "notifications.set_mail": "waiting.change",
    "notifications.watching": "waiting.see",
    "notifications.watch": "waiting.change",
    "notifications.stopping": "signed",
    "notifications.stop": "signed",
    "guide.close": "read",
    "home.page": "read",
    "following.wake": "signed",
    "definitions.listed": "read",
    "definitions.table": "read",
    "definitions.data": "read",
    "definitions.quoted": "read",
    "definitions.page": "read",
    "definitions.draft": "definition.visit",
    "definitions.say": "definition.visit",
    "definitions.declare": "definition.visit",
    "definitions.checked": "definition.visit",
    "definitions.version": "read",
    "definitions.cases": "read",
    "definitions.sort": "definition.visit",
    "definitions.add_case": "definition.visit",
    "definitions.remove_case": "definition.visit",
    "sitemap.sitemap": "read",
    "previews.listed": "preview.see",
    "previews.page": "read",
    "permalinks.page": "read",
    "permalinks.short": "read",
    "permalinks.last_text": "removed.read",
    "site.page_or_asset": "read",
}
"""What each route needs, by its endpoint. What depends on the thing is asked again by the service."""


def may(actor: Actor, permission: str, thing: Thing = NOTHING) -> bool:
    """Whether `actor` may do this with `thing`."""
    row = MAY[permission]
    if actor.scopes is not None and row.scope not in actor.scopes:
        return False
    return any(check(actor, thing) for check in row.who)


def require(actor: Actor, permission: str, thing: Thing = NOTHING) -> None:
    """Raise SignInFirst or Forbidden unless `actor` may do this with `thing`."""
    if may(actor, permission, thing):
        return
    if not actor.id:
        raise SignInFirst("Sign in first.")
    raise Forbidden("This is not open to you.")


def scopes() -> frozenset[str]:
    """Everything a token can be made for."""
    return frozenset(row.scope for row in MAY.values() if row.scope)


def check_routes(endpoints: Iterable[str]) -> None:
    """Raise KbError when one of the endpoints is not in the table, or the table names one that is not there."""
    present = set(endpoints)
    if wrong := present ^ set(ROUTES):
        raise KbError(f"These routes and kb_server/people/permissions.py do not agree: {', '.join(sorted(wrong))}.")
