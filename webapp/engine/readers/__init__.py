"""Readers of chats: whatever a person chose → one stream of events (`events`), found by content (`registry`)."""
