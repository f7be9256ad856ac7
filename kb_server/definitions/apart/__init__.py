"""Where teams see a definition differently: their texts side by side, the cases each sorts, the ways to one wording."""
