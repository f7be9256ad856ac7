"""Sorting cases where teams see a definition differently: on which they agree, and what to talk about."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "sorting.add": "Add a case",
    "sorting.add.lead": "One that made you argue. Leave out names, addresses and whatever else tells who somebody is: "
    "everybody who reads this wiki can read it.",
    "sorting.add.text": "What is known of it",
    "sorting.add.title": "What to call it, as “Lead K, sample”",
    "sorting.agreed": ("The one you agree on", "The {count} you agree on"),
    "sorting.agreed.counts": "{count} “{says}”",
    "sorting.all_alike": "You agree on all of them",
    "sorting.bad_case": "A case has a name of at most 120 characters, and a text of at most {most}.",
    "sorting.blind": "Each team sorted them without seeing what the others said.",
    "sorting.changed": "A case was changed or taken away while you sorted. What you said is kept; look at it, and send "
    "it once more.",
    "sorting.changed_since": "At first no team saw what the others said; some answers were changed since.",
    "sorting.edit": "Write it into the page",
    "sorting.first": "Sort the cases",
    "sorting.again": "Look at the cases again",
    "sorting.hidden": "What each team says is shown once all of them have sorted a case.",
    "sorting.invite": "Invite {name} to talk",
    "sorting.lead": "Is it one, or is it not? Nobody sees what you say before all teams have sorted the same case.",
    "sorting.left.none": "{team} has sorted all {count}",
    "sorting.left.some": "{team} has sorted {done} of {count}",
    "sorting.no": "No, it is not",
    "sorting.no_case": "There is no such case; perhaps somebody took it away.",
    "sorting.no_verdict": "Say of a case that it is one, or that it is not.",
    "sorting.nobody": "Nobody has said yet what is one and what is not: there are no cases. Whoever writes the wiki "
    "can put them into a table beside the page.",
    "sorting.nothing": "Nothing is sorted yet. Say of one case at least what it is.",
    "sorting.of": "of {count}",
    "sorting.others_sort": "Those who speak for a team sort the cases for it.",
    "sorting.page_text": "The page’s text",
    "sorting.propose": "Propose one wording",
    "sorting.propose.cases": "These cases we see differently:",
    "sorting.propose.one": "One wording for all of us:",
    "sorting.propose.title": "One wording for “{title}”",
    "sorting.reason": "Because (if you like)",
    "sorting.remove": "Take this case away",
    "sorting.send": "Say so for {team}",
    "sorting.sort_for": "{team} sorts",
    "sorting.talk": ("Talk about this one", "Talk about these {count}"),
    "sorting.talk_most": ("You agree on most. Talk about this one", "You agree on most. Talk about these {count}"),
    "sorting.title": "Is it one? {title}",
    "sorting.too_many": "There are {most} cases already. Talk about those.",
    "sorting.yes": "Yes, it is one",
}
