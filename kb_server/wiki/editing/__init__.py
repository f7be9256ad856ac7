"""Changing one section of a page and nothing else: what may stand in it, and how it is put into its file."""
