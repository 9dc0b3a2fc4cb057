"""The pages of a cooperative's year, for who manages it."""
