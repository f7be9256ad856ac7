"""What every route shares: the served build, its files and shells, headers, errors, health."""
