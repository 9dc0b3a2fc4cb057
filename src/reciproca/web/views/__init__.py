"""The pages that join rooms, and those that belong to none."""
