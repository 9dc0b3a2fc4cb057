"""Runs, their lines, and what they were computed from."""
