"""How a definition stands, as people would tell it: what was agreed stays so for the text it was said of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from kb_server.definitions.models import (
    AGREE,
    BACK,
    NOT_YET,
    WORDING_ONLY,
    Answer,
    Declaration,
    Facts,
    Past,
    Standing,
    Version,
)
from kb_server.definitions.standing import standing

OLD, NEW, NEWER = "1:old", "1:new", "1:newer"
BOTH = ("sales", "marketing")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class Story:
    """What happens to one definition, in order."""

    facts: Facts = field(default_factory=lambda: Facts("mql", OLD, BOTH))
    past: Past = field(default_factory=lambda: Past(proposers={OLD: "lee"}))
    number: int = 0

    def says(self, person: str, team: str, what: str = AGREE, digest: str = "", at: str = "", own: str = "") -> Story:  # noqa: PLR0913, PLR0917
        self.number += 1
        digest, at = digest or self.facts.digest, at or "2026-11-01T09:00:00Z"
        said = Answer(self.number, "mql", team, digest, person, at, what, own=own)  # type: ignore[arg-type]
        self.past = replace(self.past, answers=(*self.past.answers, said))
        return self

    def both_agree(self) -> Story:
        """Both teams agree to the text of now, and it comes into force."""
        self.says("sam", "sales").says("mia", "marketing")
        self.number += 1
        versions = self.past.versions
        new = Version(self.number, "mql", len(versions) + 1, self.facts.digest, "2026-11-01T10:00:00Z")
        self.past = replace(self.past, versions=(*versions, new))
        return self

    def reads(self, digest: str) -> Story:
        self.facts = replace(self.facts, digest=digest)
        return self

    def declared(self, old: str, new: str, until: str, objected: str = "") -> Story:
        self.number += 1
        said = Declaration(self.number, "mql", old, new, "lee", "2026-11-02T09:00:00Z", until, objected, objected)
        self.past = replace(self.past, declarations=(*self.past.declarations, said))
        return self

    def stands(self, now: datetime = NOW) -> Standing:
        return standing(self.facts, self.past, now)


def test_nobody_has_answered() -> None:
    stands = Story().stands()
    assert (stands.state, stands.force, stands.missing) == ("notyet", None, BOTH)


def test_one_team_is_not_enough() -> None:
    stands = Story().says("sam", "sales").stands()
    assert not stands.is_complete
    assert stands.missing == ("marketing",)


def test_both_agree() -> None:
    assert Story().says("sam", "sales").says("mia", "marketing").stands().is_complete
    stands = Story().both_agree().stands()
    assert (stands.state, stands.is_current) == ("agreed", True)
    assert stands.force
    assert stands.force.version == 1


def test_who_proposed_it_cannot_alone_speak_for_all_teams() -> None:
    stands = Story().says("lee", "sales").says("lee", "marketing").stands()
    assert stands.alone
    assert not stands.is_complete
    assert Story().says("lee", "sales").says("mia", "marketing").stands().is_complete
    assert Story().says("sam", "sales").says("sam", "marketing").stands().is_complete


def test_a_new_wording_is_not_agreed_and_the_old_one_stays_in_force() -> None:
    stands = Story().both_agree().reads(NEW).stands()
    assert stands.state == "wording"
    assert stands.force
    assert stands.force.digest == OLD
    assert [one.says for one in stands.kept] == [AGREE, AGREE]
    assert stands.missing == BOTH


def test_what_was_said_of_one_wording_counts_for_no_other() -> None:
    story = Story().both_agree().reads(NEW).says("mia", "marketing").reads(NEWER)
    assert story.stands().missing == BOTH
    assert story.reads(NEW).stands().missing == ("sales",)


def test_going_back_to_the_text_in_force_is_agreed_again() -> None:
    assert Story().both_agree().reads(NEW).says("sam", "sales").reads(OLD).stands().state == "agreed"


def test_an_older_version_must_be_agreed_anew() -> None:
    story = Story().both_agree().reads(NEW).both_agree().reads(OLD)
    assert story.stands().state == "wording"
    assert story.stands().missing == BOTH


def test_taking_back_leaves_the_text_and_says_so() -> None:
    stands = Story().both_agree().says("sam", "sales", BACK).stands()
    assert (stands.state, stands.is_current) == ("notyet", True)
    assert stands.force
    assert [one.says for one in stands.teams] == [BACK, AGREE]


def test_a_reason_alone_is_no_other_text() -> None:
    assert Story().says("sam", "sales", NOT_YET).stands().state == "notyet"
    assert Story().both_agree().reads(NEW).says("sam", "sales", NOT_YET).stands().state == "wording"


def test_a_text_of_its_own_makes_it_differ_until_the_team_agrees_or_another_wording_comes() -> None:
    story = Story().says("sam", "sales", NOT_YET, own="A prospect who has a budget.")
    assert story.stands().state == "differ"
    assert story.says("sam", "sales").stands().state == "notyet"
    assert Story().says("sam", "sales", NOT_YET, own="Ours.").reads(NEW).stands().state == "notyet"


def test_a_team_that_comes_in_has_not_agreed() -> None:
    story = Story().both_agree()
    story.facts = replace(story.facts, teams=(*BOTH, "success"))
    stands = story.stands()
    assert (stands.state, stands.missing, stands.is_current) == ("notyet", ("success",), True)


def test_a_team_that_goes_is_asked_no_more() -> None:
    story = Story().both_agree().reads(NEW).says("sam", "sales")
    story.facts = replace(story.facts, teams=("sales",))
    assert story.stands().is_complete


def test_without_teams_nothing_is_agreed() -> None:
    stands = Story(Facts("mql", OLD, ())).stands()
    assert (stands.state, stands.is_complete) == ("notyet", False)


def test_a_renamed_team_goes_on_agreeing() -> None:
    story = Story().both_agree()
    story.facts = replace(story.facts, teams=("selling", "marketing"), formers={"selling": ("sales",)})
    assert story.stands().state == "agreed"
    assert story.says("sam", "selling", BACK).stands().state == "notyet"


def test_a_merged_team_agrees_where_all_it_was_made_of_did() -> None:
    story = Story().says("sam", "sales").says("otto", "success", NOT_YET)
    story.facts = replace(story.facts, teams=("revenue",), formers={"revenue": ("sales", "success")})
    assert story.stands().missing == ("revenue",)
    assert not story.says("otto", "success").stands().missing


def test_wording_only_takes_the_agreements_along_after_its_seven_days() -> None:
    story = Story().both_agree().reads(NEW).declared(OLD, NEW, "2026-11-09T09:00:00Z")
    before = story.stands(datetime(2026, 11, 9, 8, 59, tzinfo=UTC))
    assert (before.state, bool(before.pending)) == ("wording", True)
    after = story.stands(datetime(2026, 11, 9, 9, tzinfo=UTC))
    assert (after.state, after.pending) == ("agreed", None)
    assert after.force
    assert (after.force.version, after.force.digest, after.force.how) == (1, NEW, WORDING_ONLY)
    assert (before.since, after.since) == ("2026-11-01T10:00:00Z",) * 2, "it is in force since it was agreed to"


def test_one_objection_reopens() -> None:
    story = Story().both_agree().reads(NEW).declared(OLD, NEW, "2026-11-09T09:00:00Z", objected="sam")
    assert story.stands().state == "wording"
    assert story.stands().pending is None


def test_a_declaration_of_another_text_is_none_of_this_one() -> None:
    story = Story().both_agree().reads(NEW).declared(OLD, NEWER, "2026-11-09T09:00:00Z")
    story.past = replace(story.past, declarations=(replace(story.past.declarations[0], until="2026-12-09T09:00:00Z"),))
    assert (story.stands().state, story.stands().pending) == ("wording", None)


def test_a_declaration_older_than_the_version_in_force_is_over() -> None:
    story = Story().both_agree().reads(NEW).declared(OLD, NEW, "2026-11-09T09:00:00Z").both_agree()
    story.past = replace(story.past, versions=(*story.past.versions[:-1], replace(story.past.versions[-1], digest=OLD)))
    assert story.stands().state == "wording"


def test_it_is_due_for_a_fresh_look_until_every_team_has_said_it_is_still_right() -> None:
    story = Story().both_agree()
    story.facts = replace(story.facts, review=date(2026, 11, 15))
    assert not story.stands(datetime(2026, 11, 14, 23, tzinfo=UTC)).is_due
    assert story.stands().is_due
    story.says("sam", "sales", at="2026-11-16T09:00:00Z")
    assert story.stands().is_due
    assert not story.says("mia", "marketing", at="2026-11-17T09:00:00Z").stands().is_due
    assert story.stands().state == "agreed"
