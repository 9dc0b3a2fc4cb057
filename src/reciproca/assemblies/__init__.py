"""
Members meet and decide: bodies and their statute, the call, who may vote and who is there, what
is put to the vote, and the minutes of it all.
"""
