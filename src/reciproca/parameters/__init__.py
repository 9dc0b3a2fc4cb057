"""
Dated figures that law and statutes set: a value, from when, until when, and the source that
says so. Rules receive them; nobody writes a threshold into code.
"""
