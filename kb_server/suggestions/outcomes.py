"""What becomes of what programs ask for, in the words of the interface's description."""

from __future__ import annotations

TAG = "Suggestions"
MADE = {201: "It is there; `Location` is where. What was sent before under the same key is given again."}
DONE = {200: "The suggestion as it is now."}
MAY = {401: "Sign in, or send a token.", 403: "This is not open to you."}
GONE = {409: "It is not in a state in which this can be done."}
