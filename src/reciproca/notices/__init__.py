"""
What people are told, in the application and by mail as one digest unless they chose otherwise.
It knows no room: each one hands in its kinds of notice and their words.
"""
