"""The conversations of the sample activity: who says what about which page of the sample wiki, and when.

They show what conversations are for: an answer from the other team, a remark that mended a page, questions that wait
for somebody. Whoever changes a page they quote changes them too; a test says so.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody says something, so many working days ago at this time (UTC), and others agree; or settles it.

    Where nobody does anything, a build was published that made the passage what it is.
    """

    days: int
    time: str
    who: str = ""
    says: str = ""
    agreed: tuple[str, ...] = ()
    settles: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation on a section of a page, and mostly on a ``quote`` from it.

    ``was`` is how that passage read when they began to speak of it, ``came_from`` the section it stood in, by anchor
    and title.
    """

    page: str
    section: str
    kind: str
    turns: tuple[Turn, ...]
    quote: str = ""
    was: str = ""
    came_from: tuple[str, str] = ("", "")


SOON = Story(
    "handing-a-lead-to-sales",
    "when-we-hand-over",
    "idea",
    (
        Turn(
            14,
            "09:20",
            "nia",
            "It says “soon” here. Two people on the phone this week asked me what that means. Could we name a time?",
            agreed=("tom",),
        ),
        Turn(13, "10:05", "lee", "One working day? @sam, would that hold in the week of a fair, too?"),
        Turn(
            13,
            "15:40",
            "sam",
            "It would, if the clock starts when the lead reaches us and not when the form was filled in.",
            agreed=("nia", "mia"),
        ),
        Turn(8, "10:40"),
        Turn(8, "11:15", "lee", "Then it stands there now, and in the mail that goes out at once. Thank you, Nia."),
    ),
    quote="Sales calls back within one working day and says in the first sentence what the person asked for.",
    was="Sales calls back soon and says in the first sentence what the person asked for.",
)

FAIRS = Story(
    "contacts-from-events",
    "how-we-know",
    "wrong",
    (
        Turn(
            9,
            "16:20",
            "sam",
            "9 talks of 74 and 11 of 28, but in two countries and two seasons. As it stands here somebody will put it "
            "on a slide as proof.",
            agreed=("lee",),
        ),
        Turn(
            8,
            "09:05",
            "mia",
            "You are right. I was so glad of the eleven that I forgot to ask what else was different in Birmingham.",
            agreed=("sam",),
        ),
        Turn(8, "11:30", "mia", settles="It says now that two fairs are hardly a comparison, and that we count again."),
    ),
)

LOOKING_AROUND = Story(
    "sales-ready-prospect",
    "why-we-drew-the-line-here",
    "question",
    (
        Turn(
            3,
            "10:30",
            "mia",
            "Did any of the three come back later? If one did, I would not call it looking around.",
            agreed=("tom",),
        ),
        Turn(
            3,
            "14:10",
            "sam",
            "One did, in October, with a budget. I had not counted that, and I should have.\n\n"
            "Let us look at the next five together before we argue about the wording again.",
            agreed=("mia", "lee", "tom"),
        ),
        Turn(2, "16:00"),
    ),
    quote="Lead C is the third one this month who was just looking around.",
    came_from=("counter-examples", "Counter-examples"),
)

TWO_QUESTIONS = Story(
    "following-up-after-a-webinar",
    "what-we-do",
    "question",
    (
        Turn(
            2,
            "09:45",
            "sam",
            "When somebody asks two things in the chat, which one comes with the lead? Last time Nia had the polite "
            "one, and the man wanted to know about rush jobs.",
        ),
        Turn(
            2,
            "13:20",
            "tom",
            "Both, in the order they were asked. If one of them is about money it stands first: that is the one they "
            "wanted to ask all along.",
            agreed=("sam", "nia", "lee"),
        ),
    ),
    quote="with the question word for word",
)

CALL_BACK = Story(
    "marketing-qualified-lead",
    "criteria",
    "question",
    (
        Turn(
            2,
            "15:10",
            "sam",
            "A planner asked for a call back on the demo page, twice in one week. Does that count as asking for a "
            "demo? Nia called him either way.",
            agreed=("tom",),
        ),
        Turn(
            1, "09:00", "nia", "For me it counts. Nobody asks to be called twice for fun. @lee, what do the others say?"
        ),
    ),
    quote="asked for a demo",
)

A_WORD = Story(
    "what-marketing-does",
    "what-we-need-from-you",
    "question",
    (
        Turn(
            1,
            "11:25",
            "otto",
            "Where do I put such a word? I have one: a picture on the site says “works with any ERP”, and a joinery in "
            "Sligo took it literally. @tom knows which picture.",
            agreed=("nia",),
        ),
    ),
    quote="a word when our website promises too much",
)

BEFORE_CHRISTMAS = Story(
    "who-answers-a-demo-request",
    "in-the-evening-and-at-weekends",
    "idea",
    (
        Turn(
            1,
            "14:50",
            "tom",
            "One more for the last days before Christmas: “We call you on 4 January, before noon.” People can plan "
            "with that. @sam, may the mail promise it?",
            agreed=("mia",),
        ),
    ),
    quote="It is written by hand for each day of the week",
)

STORIES = (SOON, FAIRS, LOOKING_AROUND, TWO_QUESTIONS, CALL_BACK, A_WORD, BEFORE_CHRISTMAS)
