"""Reciproca: the platform that a federation of cooperatives runs for its smart community."""
