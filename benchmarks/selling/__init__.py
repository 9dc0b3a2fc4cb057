"""Selling over HTTP, to the house and to the barest view that keeps a row."""
