"""How questions are read and how answers look."""
