"""Telegram Desktop's “Export chat history” in its machine-readable form, `result.json`.

chats         the outer shape: one chat, or the list of all
text          a message's text and its entities → plain text
message       one message → kind, text, files
service       what Telegram itself tells
chat          one chat → events
reader        how it is recognised
"""
