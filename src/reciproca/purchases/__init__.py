"""
The fact of an exchange: one buyer, one seller, one amount. Sales, undos and refunds, by API and
by import; what they set in motion is asked of `valueback` and posted in the ledger.
"""
