"""The Django site: accounts, ciphertext, and nothing that could open it."""
