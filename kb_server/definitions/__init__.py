"""What the teams mean by their words, and whether they have agreed to it."""
