"""
Proof that the figures are right: each check reads the tables as they are and counts again.

The checks read rows of every room with SQL of their own, on purpose: a mistake in a room's queries
must not hide itself. They never write.
"""
