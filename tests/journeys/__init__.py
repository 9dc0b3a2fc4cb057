"""Whole journeys: a real browser, a real server and a small community, from door to door."""
