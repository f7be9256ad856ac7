"""Conversations: what people say about a page, a section or a passage, and what becomes of it."""
