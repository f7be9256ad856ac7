"""Who somebody is, which teams they are in, and what they may do."""
