"""The MkDocs plugin `kb`: it makes of a Markdown wiki what the server needs to serve, search and fill it."""
