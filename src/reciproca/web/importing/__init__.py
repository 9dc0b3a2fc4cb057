"""Files in, on pages and in jobs: here the import meets the rooms whose rows it reads."""
