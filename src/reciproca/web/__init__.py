"""Addresses, the base layout and its components, and the pages that join rooms."""
