"""Chats written out in open formats."""
