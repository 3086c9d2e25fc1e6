"""How a person takes their data along, and how an account ends."""
