"""The pages of this room: those who vote, and those who help them at the desk."""
