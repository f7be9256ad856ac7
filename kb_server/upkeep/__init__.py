"""Keeping an installation well: backups, restoring, a sound index, and plain words for what is wrong."""
