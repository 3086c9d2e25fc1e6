"""What crosses between browser, site and vault: requests, replies, limits, error codes, tickets, owner proofs."""
