"""How a suggestion comes to its end by the change that was made: told by the commits of what is published."""
