"""The pages about a cooperative's own purchases: the list, one of them, giving it back."""
