"""WhatsApp's encrypted files on Android: crypt12, crypt14 and crypt15 databases, increments, and media (mcrypt1).

errors      what can be wrong, each with the next step
keys        the 64 digits, `encrypted_backup.key` and `key`
container   the header: which kind, which key, where the ciphertext lies
gcm         the first block of AES-GCM's counter, for a look at the beginning
payload     what comes out: zlib or plain, and whether it begins as it should
opening     key and file → the plaintext, once its tag verifies
sources     a choice of files → the same choice with encrypted ones opened and keys taken out
"""
