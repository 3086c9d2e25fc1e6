"""What this site holds about one account, said once for its operator and for the person."""
