"""
The counter: tills and the devices paired with them, who works at which, sales made there with and
without network, what of them needs a person, and the closing of the day.

What a sale sets in motion is the business of `purchases`; this room keeps where it was made.
"""
