"""What changes the vault's database, one file a matter. Only this package enters vault.custody."""
