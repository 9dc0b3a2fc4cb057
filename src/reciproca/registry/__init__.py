"""
Who takes part: people, cooperatives, companies, purchasing groups, the federation, its funds.
Memberships with their history, mandates to act for somebody, cards and places.
"""
