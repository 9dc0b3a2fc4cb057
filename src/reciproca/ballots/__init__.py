"""
A question put to a vote: who may vote and how much, what they chose, what it comes to.

The room knows no assembly: whoever convokes one hands in the question, its rule and the roll, and
asks for the outcome. A secret vote is kept apart from the roll, and nothing joins the two.
"""
