"""Signal's local backup on Android: one encrypted file, opened with a passphrase of 30 digits.

errors       what can be wrong, each with the next step
passphrase   30 digits → the cipher key and the MAC key
frames       the file → authenticated frames, and where the attachments' bytes lie
tables       the statements in the frames → a private database; nothing of theirs is ever run
messages     that database → events, with a message's parts in `parts`
attachment   an attachment's bytes, opened when looked at
reader       how it is recognised and opened

Source of the format: Signal-Android's FullBackupImporter and Backups.proto (docs/readers/signal.md).
"""
