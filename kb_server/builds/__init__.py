"""Builds: made aside, sealed, published in one transaction, rolled back the same way."""
