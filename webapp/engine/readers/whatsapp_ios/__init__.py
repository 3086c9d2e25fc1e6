"""WhatsApp on the iPhone: `ChatStorage.sqlite` with what lies beside it, from a folder, a zip, or a device backup.

finding     which of the chosen files are the databases, and what a device backup calls its files
people      jids → names
metadata    the two protobufs that matter: who is answered, who reacted
message     one row → kind, text, what hangs on it
calls       `CallHistory.sqlite`
chats       chat by chat → events
reader      how it is recognised

Source of the format: the files themselves, introspected; docs/readers/ios.md tells what is known and what is not.
"""
