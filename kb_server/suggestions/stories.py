"""The suggestions of the sample activity: who asks which team for what on which page, and what of it.

They show what the exchange is for: a page that was changed, a plan with a name and a day, a no with a reason, a
question back, and what waits. Whoever changes a page they are about changes them too; a test says so.
"""

from __future__ import annotations

from dataclasses import dataclass

SALES, MARKETING, SUCCESS = "sales", "marketing", "success"
TODAY, LATE, SOON = "today", "late", "soon"
"""When an answer is due, of what still waits: later today, some working hours ago, in a day or two."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody does an act, or makes a remark where it is "", so many working days ago at this time (UTC).

    ``by_when`` is in so many days from then, ``into`` the ``key`` of the story that is joined.
    """

    days: int
    time: str
    who: str
    act: str = ""
    words: str = ""
    owner: str = ""
    by_when: int = 0
    into: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A suggestion of ``who`` from a team to a team about a section of a page.

    It was asked ``asked`` working days ago at that time, or so that its answer is ``due`` as said above. ``was`` is how
    the page read then, where it was changed, and ``now`` how it reads since.
    """

    key: str
    who: str
    of: str
    to: str
    page: str
    section: str
    title: str
    body: str
    asked: tuple[int, str] = (0, "")
    due: str = ""
    turns: tuple[Turn, ...] = ()
    agree: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    was: str = ""
    now: str = ""


STORIES = (
    Story(
        "ahead",
        "nia",
        SALES,
        MARKETING,
        "campaign-calendar",
        "how-it-works",
        "Tell us of a campaign before it runs, not on the day",
        "By ten in the morning the demo desk had nine calls about a free check nobody here had heard of.\n\n"
        "If the line stood there some days before, we would know what to say.",
        asked=(19, "10:40"),
        turns=(
            Turn(
                18,
                "09:30",
                "mia",
                "plan",
                "You are right, and it was our mail. A week is more than we can promise; two working days we can keep.",
                owner="mia",
                by_when=7,
            ),
            Turn(
                15,
                "11:20",
                "mia",
                "finish",
                "It says **two working days before** now, and that nothing goes out without.",
            ),
            Turn(15, "14:05", "nia", words="Thank you. The desk says it is quieter already."),
        ),
        agree=("sam", "lee", "otto"),
        labels=("campaigns",),
        was="A line is complete before the first day. Without a line nothing goes out, not even something small.",
        now="A line is complete **two working days before** the first day. Without a line nothing goes out, not even "
        "something small.",
    ),
    Story(
        "criteria",
        "tom",
        MARKETING,
        SALES,
        "handing-a-lead-to-sales",
        "when-a-lead-comes-back",
        "Say which of the four criteria did not hold",
        "When a lead comes back I guess which one it was, and mend the wrong thing.",
        asked=(17, "09:10"),
        turns=(
            Turn(16, "15:30", "sam", "finish", "One sentence goes with the reason from today. It costs us nothing."),
        ),
        agree=("mia",),
        labels=("hand-over",),
    ),
    Story(
        "week",
        "sam",
        SALES,
        MARKETING,
        "campaign-calendar",
        "why-two-days",
        "Tell us of letters by post a week before",
        "A letter cannot be called back. For those a week would be fair.",
        asked=(14, "13:15"),
        turns=(
            Turn(
                13,
                "10:00",
                "mia",
                "decline",
                "When a fair changes its hall plan we print on a Tuesday for a Thursday. Ask me again when we have a "
                "year of letters to look at.",
            ),
        ),
    ),
    Story(
        "names",
        "otto",
        SUCCESS,
        MARKETING,
        "when-somebody-asks-for-the-price",
        "the-answer-for-everybody",
        "Say on the price page that looking is free",
        "Customers ask us what a seat for the foreman costs, who only looks at the board.",
        asked=(13, "11:00"),
        turns=(Turn(12, "09:45", "tom", "finish", "It is in the first of the three sentences now, where they begin."),),
        agree=("nia", "sam"),
    ),
    Story(
        "promise",
        "mia",
        MARKETING,
        SALES,
        "first-call",
        "the-end",
        "Write down what you promised at the end of a call",
        "People write to us that somebody promised them a guide, and we do not know which.",
        asked=(12, "10:20"),
        turns=(
            Turn(
                8,
                "16:10",
                "sam",
                "plan",
                "Sorry that you had to wait. Nia puts it into the note that goes with every lead.",
                owner="nia",
                by_when=6,
            ),
            Turn(4, "12:00", "nia", "finish", "It is the third line of the note."),
        ),
        agree=("tom",),
        labels=("hand-over",),
    ),
    Story(
        "budget",
        "tom",
        MARKETING,
        SALES,
        "first-call",
        "four-questions",
        "Ask: do you have a budget, or would you make one after a demo?",
        "From the October webinar. Offers have become budgets before, so “no budget” may mean “not asked for yet”.",
        asked=(9, "09:05"),
        turns=(
            Turn(8, "10:15", "nia", "plan", "I try it in my own calls and count.", owner="nia", by_when=30),
            Turn(5, "15:20", "nia", words="Eleven calls so far. Four of them said “after a demo”."),
        ),
        agree=("mia", "lee"),
        labels=("first call",),
    ),
    Story(
        "erp",
        "sam",
        SALES,
        MARKETING,
        "asking-marketing-for-content",
        "look-first",
        "Put the ERP examples where people look for them",
        "Prospects ask whether they must type every order twice. The answer lies on the shelf under another name.",
        asked=(7, "10:30"),
        turns=(
            Turn(
                6,
                "11:40",
                "tom",
                "plan",
                "I add the names you searched for. Send me those of last month?",
                owner="tom",
                by_when=12,
            ),
            Turn(6, "13:00", "sam", words="“Interface”, “ERP connection”, and once “does it talk to the other thing”."),
        ),
        agree=("lee", "otto"),
        labels=("content",),
    ),
    Story(
        "systems",
        "nia",
        SALES,
        MARKETING,
        "asking-marketing-for-content",
        "what-you-get",
        "A page that says which ERP systems we work with",
        "Three people asked me in one week. A list would do.",
        asked=(5, "09:50"),
        turns=(Turn(4, "10:05", "tom", "join", into="erp"),),
        agree=("sam",),
    ),
    Story(
        "monday",
        "tom",
        MARKETING,
        SALES,
        "turning-a-lead-down-kindly",
        "to-marketing",
        "Keep “waste of time” out of the reasons",
        "I know how it is meant. The one who paid for the advert reads it too.",
        asked=(6, "14:30"),
        turns=(Turn(5, "09:20", "sam", "finish", "It stands in the left column now, where it belongs."),),
        agree=("lee",),
    ),
    Story(
        "card",
        "sam",
        SALES,
        MARKETING,
        "contacts-from-events",
        "at-the-stand",
        "Fewer questions on the card at the stand",
        "With a queue behind them people answer one question well and the others with “yes”.",
        asked=(3, "10:10"),
        turns=(
            Turn(
                2,
                "11:30",
                "mia",
                "ask",
                "Gladly, if we lose nothing you need. Which of the three have you never used on the phone?",
            ),
        ),
        agree=("nia",),
        labels=("events",),
    ),
    Story(
        "reasons",
        "mia",
        MARKETING,
        SALES,
        "disqualified-lead",
        "criteria",
        "Say what you found, not only which reason it is",
        "On Friday I read every lead that comes back. Three of the last five had a reason and no sentence, and so I "
        "cannot tell Tom what to change.",
        due=LATE,
        agree=("tom", "lee"),
        labels=("hand-over",),
    ),
    Story(
        "desk",
        "nia",
        SALES,
        MARKETING,
        "who-answers-a-demo-request",
        "when-not",
        "Say on the demo page when the desk opens on fair days",
        "The form says that we are closed until noon. Most people read it at nine, and then they try the phone.",
        due=TODAY,
        agree=("sam",),
    ),
    Story(
        "listen",
        "tom",
        MARKETING,
        SALES,
        "what-sales-does",
        "what-we-do",
        "Let one of us listen to a first call once a month",
        "Since January each of us spends a day per quarter in a workshop. I would like to hear how it begins, too.",
        due=SOON,
        agree=("mia", "lee", "otto"),
    ),
)
