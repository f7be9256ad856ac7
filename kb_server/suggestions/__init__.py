"""Suggestions: what one team asks of another, answered in time and followed to the end."""
