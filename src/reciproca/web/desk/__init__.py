"""What a cooperative's desk shows, put together from the rooms."""
