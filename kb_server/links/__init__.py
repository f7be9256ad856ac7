"""Links into the wiki: where each leads, which are used from elsewhere, and which a change would break."""
