"""Was this helpful? One answer of each person to each version of a page, for whoever sees to it."""
