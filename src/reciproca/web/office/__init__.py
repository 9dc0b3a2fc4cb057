"""What a cooperative’s desk does for somebody that joins several rooms."""
