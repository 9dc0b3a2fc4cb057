"""
Files on their way in: mapping, preview, refusals with their reason, the explicit choice to take
the good rows. It knows no room: each one hands in its row reader, its accept and its undo.
"""
