"""What has come into the wiki since it was last looked at, as its commits tell."""
