"""Yearly statements of members and cooperatives: composed once, drawn as page and as PDF."""
