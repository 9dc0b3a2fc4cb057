"""What a member's own pages show, put together from what the rooms answer."""
