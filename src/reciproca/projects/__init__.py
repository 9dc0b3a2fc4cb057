"""
What the common funds pay for: a call, the projects that organisations propose for it, the vote of
the community, tranches against receipts, and what became of each.
"""
