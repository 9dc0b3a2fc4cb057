"""
The square: what organisations offer and look for, found by words and by distance; one cart with
several sellers, and an order for each of them.
"""
