"""Previews of branches: built beside the trusted branch, seen by members, and never published."""
