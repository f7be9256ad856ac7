"""Where things lie inside a build. Nothing below ``_kb/`` is ever served."""

INNER = "_kb"
MANIFEST = f"{INNER}/manifest.json"
HISTORY = f"{INNER}/history.json"
SEAL = f"{INNER}/build.json"
POLICY = f"{INNER}/policy.txt"
SHELLS = f"{INNER}/shells"
ROSTER = f"{INNER}/roster.json"
"""Who may do what, with mail addresses: written only into builds a server is to have."""
ICONS = f"{INNER}/icons.json"
GZIP = f"{INNER}/gzip"
SEAL_SCHEMA = 1

DOOR = "door"
"""The name of the shell for those who may not read: without a word of the wiki, not even what its pages are called."""
FOR_SERVER = "KB_BUILD_FOR_SERVER"
"""The environment variable that tells MkDocs that the site is for our server, and not for a static host."""
