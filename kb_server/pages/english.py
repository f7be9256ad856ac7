# ruff: noqa: RUF001  -- a dash is one of the words
"""The lists by which two English texts are compared for saying the same (`pages.wording`). They are published.

What stands here may be exchanged freely, or may never be. A word that is on no list is a word with a meaning of its
own: whoever exchanges it has to ask. Another language needs lists of its own; without them nothing is let pass.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATIONS = _words(
    "no not never none nobody nothing nowhere neither nor without cannot except unless lack lacks exclude excludes"
    " excluding fail fails hardly barely scarcely instead non un"
)
MODALS = _words(
    "must shall should may might can could will would ought need needs needed required requires require has have had"
    " mandatory optional optionally recommended recommend allowed permitted forbidden prohibited please always usually"
    " normally typically often sometimes rarely generally ideally"
)
COMPARISONS = _words(
    "more less most least fewer fewest greater smaller larger higher lower above below over under before after until"
    " till since by within beyond than up down minimum maximum min max first last earlier later sooner longer shorter"
    " between during exactly about around approximately roughly nearly almost equal better worse best worst same next"
)
QUANTIFIERS = _words(
    "all any every each some none both either only just solely exclusively even also no one few many several most"
    " other another others whole entire half double twice once lot lots number majority minority too and or but if"
    " whether and/or"
)
UNITS = _words(
    "% percent $ € £ ¥ usd eur gbp dollar dollars euro euros pound pounds cent cents second seconds minute minutes hour"
    " hours day days week weeks month months quarter quarters year years business working calendar am pm utc gmt bst"
    " km m cm mm kg g mb gb tb kb k million billion thousand hundred dozen per daily weekly monthly quarterly yearly"
    " annually"
)
NUMBERS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion once"
    " twice thrice second third fourth fifth"
)

EQUAL: tuple[tuple[str, ...], ...] = (
    ("for example", "for instance", "eg"),
    ("and so on", "and so forth"),
    ("percent", "per cent", "%"),
    ("per year", "per annum"),
    ("regarding", "with regard to", "with regards to", "with respect to"),
    ("because", "due to the fact that", "owing to the fact that"),
    ("if", "in the event that"),
    ("ensure", "make sure"),
    ("ensures", "makes sure"),
    ("before", "prior to"),
    ("use", "utilise", "utilize", "make use of"),
    ("uses", "utilises", "utilizes", "makes use of"),
    ("to", "in order to"),
    ("while", "whilst"),
    ("among", "amongst"),
    ("toward", "towards"),
    ("learned", "learnt"),
    ("versus", "vs"),
    ("ok", "okay"),
    ("can not", "cannot"),
    ("gray", "grey"),
)
"""Phrases that say the same wherever they stand; the first stands for the others. ("i.e." is not among them: "a contact
that is new" is another thing. Nor is "utilised": "used to call" is.)"""

ABBREVIATIONS = r"\b(e\. ?g|i\. ?e|etc|vs|approx|incl)\."
"""Written with full stops or without; none of them ends a sentence."""

NUMBER_OF: tuple[tuple[str, ...], ...] = (("approximately", "about", "around", "roughly"),)
"""The same, where a number follows: "about" and "around" say other things elsewhere."""

CONTRACTIONS: dict[str, str] = {
    "can't": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "i'm": "i am",
    "let's": "let us",
} | {f"{word}'s": f"{word} is" for word in ("it", "that", "there", "here", "what", "where", "who", "how", "he", "she")}
"""``'s`` only where it cannot say whose something is. ``'d`` may be "had" or "would", and stays."""

ENDINGS: dict[str, str] = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will"}

JOINS = _words(
    "e-mail web-site part-time full-time follow-up set-up sign-up log-in sign-in check-in co-working"
    " co-ordinate co-ordinates co-ordinated co-ordination co-operate co-operation on-boarding off-boarding home-page"
    " data-set data-sets data-base time-frame check-list life-cycle work-flow work-flows up-to-date real-time long-term"
    " short-term day-to-day step-by-step end-to-end one-to-one face-to-face in-house on-site hand-over hand-overs"
    " third-party open-source well-known decision-making decision-maker decision-makers news-letter web-page work-shop"
    " work-shops team-mate team-mates road-map hand-book e-book lead-time call-back call-backs pay-roll time-line"
)
"""Words that are written as one, with a hyphen, or as two, and mean the same."""

AMERICAN: tuple[tuple[str, str], ...] = (
    (r"^(.{4,})is(e|es|ed|ing|er|ers|ation|ations|ational)$", r"\1iz\2"),
    (r"^(.{3,})ys(e|es|ed|ing)$", r"\1yz\2"),
    (r"^(colo|favo|behavio|hono|labo|neighbo|harbo|humo|rumo|endeavo|flavo)u(r.*)$", r"\1\2"),
    (r"^(cent|theat|fib|lit)re(s?)$", r"\1er\2"),
    (r"^(travel|cancel|model|label|level|signal|fuel|counsel|channel|panel|marshal)l(ed|ing|er|ers)$", r"\1\2"),
    (r"^(catalog|dialog|analog)ue(s?)$", r"\1\2"),
    (r"^(defen|offen|licen|preten)c(e|es|ed)$", r"\1s\2"),
    (r"^(judg|acknowledg)e(ment.*)$", r"\1\2"),
    (r"^(enrol|fulfil|instal|skil)l?(ment|ments|s|ful)?$", r"\1\2"),
    (r"^practis(e|es|ed|ing)$", r"practic\1"),
    (r"^(program)me(s?)$", r"\1\2"),
    (r"^age(ing)$", r"ag\1"),
)
"""British spellings, as patterns, and what is written for them before two words are compared."""

ARTICLES = _words("a an the")
NO_ARTICLE = (
    NEGATIONS
    | MODALS
    | COMPARISONS
    | QUANTIFIERS
    | NUMBERS
    | UNITS
    | _words("little bit couple while sudden sort kind part rest")
)
"""Before these an article says something: "a few" are not "few", "the two" are all there are."""
JOINED_BY = _words("and or nor but , / - – ( : as")
"""After these an article says that the two are two: "a manager and an owner"."""

PLURALS = (
    r"[^sui]s$|^(?:alumni|children|criteria|data|feet|media|men|people|personnel|phenomena|police|staff|teeth|women)$"
)
"""Of many of a thing, "the" says that it is all of these: "ask people" is not "ask the people"."""
IN_PHRASES = _words(
    "account aid care case charge command control custody favor future hand office part place possession question view"
)
"""Of these an article makes another phrase: whoever is in charge of a customer is not in the charge of one."""

SAYING = _words(
    "ensure ensures say says said mean means know knows think thinks believe believes confirm confirms check checks"
    " note notes see sees understand shows agree agrees"
)
"""Verbs after which "that" may be left out …"""
SAID_OF = _words("the a an i you we they he she it there your our their his her its this these those")
"""… where one of these follows, so that "that" points at nothing: "check that lead" is not "check lead"."""

OPENING = _words("instead then finally additionally therefore furthermore moreover consequently today currently")
"""Words after which a comma changes nothing where they begin a sentence. "However" is not among them."""
BINDING = _words("who which that whose whom if unless when while where not no never except only but than without")
"""Where one of these stands in a sentence, a comma may say what it belongs to."""

DOUBLED = _words("the a an to of for with")
"""Words that stand twice in a row by mistake alone. ("had had" does not, nor "logs in in the morning".)"""

REAL_PAIRS = _words(
    "united untied casual causal casually causally martial marital discreet discrete discreetly discretely complaint"
    " compliant complaints compliants unclear nuclear sacred scared perform preform performs preforms performed"
    " preformed performing preforming perfect prefect perfects prefects angles angels trails trials cavalry calvary"
    " silver sliver slivers silvers signed singed signer singer signers singers signing singing barely barley retired"
    " retried retires retries  unites unties uniting untying dairies diaries carved craved carves craves"
    " carving craving crated carted crates cartes crating carting carters craters breaded bearded boards broads"
    " boarded broaded desert dessert deserts desserts coral corral corals corrals discus discuss canvas canvass"
    " canvases canvasses princes princess needles needless supper super career carrier"
    " careers carriers censor censer latter latter later matter mater holly holy furry fury cannon canon cannons canons"
    " assess asses stationary stationery conservation conversation reserve reverse reserved reversed statute statue"
    " exited excited proceeding preceding adapter adopter contract contact invite invitee invites invitees employee"
    " trainee mentee payee assignee committee commit refer referee referees refers"
    " addressee attendee appointee license licensee licensees licenses"
    " lightening lightning dully duly wholly holly coma comma commas comas medal meddle pallet palette"
    " beading beadding offence offense compiles complies compiled complied compiler complier"
    " compilers median medina collocated colocated cartons cartoons carton cartoon treatise treaties trialed trailed"
    " trialing trailing salted slated salting slating salver slaver scarped scraped scarping scraping"
)
"""Words of which a slip of the hand makes another real word: they are never taken for a misspelling of it."""
