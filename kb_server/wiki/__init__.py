"""A wiki's sources: front matter, teams, git history, and how a new wiki begins. No Flask, no MkDocs, no database."""
