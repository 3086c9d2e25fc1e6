"""One file a chat source, recognised by content and never by file name."""
