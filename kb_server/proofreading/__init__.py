"""``kb check`` and ``kb fix``: a wiki's sources read as a proofreader would, before anybody builds or merges them."""
