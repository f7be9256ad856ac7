"""Where things lie inside a build. Nothing below ``_kb/`` is ever served."""

INNER = "_kb"
MANIFEST = f"{INNER}/manifest.json"
SEAL = f"{INNER}/build.json"
POLICY = f"{INNER}/policy.txt"
SHELLS = f"{INNER}/shells"
ICONS = f"{INNER}/icons.json"
GZIP = f"{INNER}/gzip"
SEAL_SCHEMA = 1
