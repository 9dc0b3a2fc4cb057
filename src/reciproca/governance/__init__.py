"""
What the members decided: resolutions taken outside and recorded here, and the policies
that they adopt: canonical text, its hash, plain sentences.
"""
