"""Search over everything that can be found: grammar, spelling, synonyms, ranking and excerpts, above any engine."""
