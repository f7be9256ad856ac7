"""Signing in, and what people are here."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "account.who": "Who are you?",
    "account.who.lead": "This wiki runs on your machine alone, so you may be anybody. Try one person, then another.",
    "account.nobody": "Nobody is named in teams.yml yet. Add people there, then build and publish.",
    "account.sign_in": "Sign in",
    "account.mail.lead": "We send you a code by mail. It works for {minutes} minutes, in this browser.",
    "account.mail.address": "Your mail address",
    "account.mail.send": "Send me a code",
    "account.mail.none": "This wiki sends no mail. Ask whoever runs it for an invitation: a link that signs you in.",
    "account.mail.wrong": "That is no mail address. Write it as name@example.com.",
    "account.mail.often": "A few mails went there already. Look into your mail, or try again in a quarter of an hour.",
    "account.mail.away": "The mail cannot be sent just now. Your address is kept: try again in a minute.",
    "account.code": "Look into your mail",
    "account.code.lead": "If {email} may sign in here, a code is on its way there. It works for {minutes} minutes, in "
    "this browser.",
    "account.code.digits": "The six digits",
    "account.code.again": "Nothing came? Look among unwanted mail, or ask once more.",
    "account.code.wrong": (
        "That is not the code. You can try once more.",
        "That is not the code. You can try {count} more times.",
    ),
    "account.code.over": "That code no longer works. Ask for a new one.",
    "account.link": "Sign in here",
    "account.link.lead": "The mail went to {email}. Is this you, and is this your browser?",
    "account.link.other": "This link is for another browser",
    "account.link.other.lead": "It works once, within {minutes} minutes, in the browser that asked for it. There "
    "you can "
    "also type the six digits of the mail.",
    "account.link.new": "Ask for a new one",
    "account.letter.subject": "{code} signs you in to {site}",
    "account.letter.code": "Type this code where you asked for it:",
    "account.letter.link": "Or open this link in the same browser:",
    "account.letter.button": "Sign in to {site}",
    "account.letter.ends": "Both work for {minutes} minutes, once, in that browser alone. If you did not ask for "
    "this, do "
    "nothing: nobody can sign in with it.",
    "account.invited": "Welcome, {name}",
    "account.invited.lead": "You were invited to this wiki. The link works once, so sign in with it in the browser "
    "that "
    "you use.",
    "account.invited.over": "This invitation no longer works",
    "account.invited.over.lead": "It was used, or its week is over. Ask whoever sent it for another one.",
    "account.provider.lead": "You sign in where you sign in to everything else at work, and come back here.",
    "account.provider.go": "Go there and sign in",
    "account.provider.away": "The place where you sign in does not answer just now. Try again in a minute.",
    "account.provider.stale": "That took too long, or it began in another browser. Try once more.",
    "account.provider.refused": "You were not let in there, so nobody is signed in here. Try once more, or ask "
    "whoever runs "
    "this wiki.",
    "account.closed": "Nobody signs in here",
    "account.closed.proxy": "You are signed in before you come here. Open the wiki by its usual address.",
    "account.closed.none": "This wiki is for reading.",
    "account.leads": "leads {team}",
    "account.speaks": "speaks for {team}",
    "account.liaison": "liaison of {team}",
    "account.admin": "runs this wiki",
}
