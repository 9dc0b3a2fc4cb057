"""A request in, one action or query, a page out."""
