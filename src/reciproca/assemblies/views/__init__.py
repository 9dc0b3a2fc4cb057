"""The pages of this room: those who run assemblies, and those who are called to them."""
