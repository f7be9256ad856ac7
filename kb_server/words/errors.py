"""When something is in the way: what is true, and what to do."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "error.401": "Sign in first",
    "error.401.lead": "Nobody is signed in here, or no longer. Sign in, then go back and do it once more.",
    "error.403": "This is not open to you",
    "error.403.lead": "Ask your team’s liaison if you think it should be.",
    "error.404": "We could not find this page",
    "error.404.lead": "It may have moved, or the link has a typing mistake. Search for it, or start at the home page.",
    "error.429": "That was very often in a short time",
    "error.429.lead": "Wait a little, then go on. Nothing is lost.",
    "error.503": "The wiki is busy just now",
    "error.503.lead": "Nothing is lost. Wait a few seconds and try once more.",
    "error.507": "There is no room to keep this",
    "error.507.lead": "The server’s disk is full, so nothing was changed. Reading goes on. Keep what you wrote, and "
    "tell whoever runs this wiki.",
    "error.unwritable": "Nothing can be changed just now",
    "error.unwritable.lead": "The server’s disk can only be read, so nothing was changed. Reading goes on. Keep what "
    "you wrote, and tell whoever runs this wiki.",
    "error.broken": "That did not work, and it was not you",
    "error.broken.lead": "Try once more. If it happens again, tell whoever runs this wiki, and give them the "
    "number below.",
    "error.not_done": "That could not be done",
    "error.number": "If you ask somebody about this, give them this number:",
    "error.not_built": "The wiki could not be built",
    "error.not_built.lead": "This page reloads by itself once it can.",
}
