"""Everything that can be found, in one table: the only thing search reads, whoever wrote the text."""
