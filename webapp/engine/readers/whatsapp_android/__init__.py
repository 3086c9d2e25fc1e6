"""WhatsApp on Android: `msgstore.db`, of any age, with names from `wa.db` or contact cards and media beside it.

attached    a database of unknown origin beside an archive's tables, within bounds
finding     which of the chosen files are the databases, the contact cards and the media
types       what WhatsApp's numbers mean
people      jids → persons with names
chats       chats and their members
media       files that messages show
messages    the messages of newer databases
details     what hangs on them: quotes, reactions, polls, calls, places, cards …
system      what the app itself tells → an event and a sentence
legacy      the one wide table of older databases
reader      how it is recognised, and the order of it all

Everything is copied set by set: INSERT … SELECT from the phone's tables into the archive's.
Source of the format: the files themselves, introspected; docs/readers/whatsapp-android.md tells what is known.
"""
