"""What becomes of what programs ask for, in the words of the interface's description."""

from __future__ import annotations

MADE = {201: "It is said; `Location` is where it stands. What was said before under the same key is given again."}
DONE = {204: "Done, or it was so before."}
MAY = {401: "Sign in, or send a token.", 403: "This is not open to you."}
GONE = {409: "Somebody was faster, or it is not there any more."}
