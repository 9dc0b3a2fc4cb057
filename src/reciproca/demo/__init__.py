"""
A believable community of Alpine valleys, always the same, made through the same actions as
real use.
"""
