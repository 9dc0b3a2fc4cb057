"""
Buying together: groups order from a supplier in cycles, fill cases, and share what is too much or
too little by a rule that they chose. Nobody takes a mark-up, so nothing here gives value back.
"""
