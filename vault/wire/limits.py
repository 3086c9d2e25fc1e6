"""Every length and cap of the vault's protocol, in bytes, seconds or guesses."""

# A body larger than its route's cap is refused before it is read (413).
BODY_BYTES = 2048
REGISTRATION_BODY_BYTES = 4096
TICKET_HEADER_BYTES = 512
FEED_BODY_BYTES = 16 * 1024
# A vault's reply is read by the client up to this size.
REPLY_BYTES = 4096
# The description of the API is read by programs at build time, not by the browser.
DOCUMENT_BYTES = 256 * 1024
EVENTS_REPLY_BYTES = 128 * 1024
# At most so many events in one reply.
EVENTS_PAGE = 500
FEED_PAGE = 100

ID_BYTES = 16
DIGEST_BYTES = 32
HEAD_BYTES = 32
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
KEY_BYTES = 32  # K

# RFC 9807 messages with ristretto255-SHA512.
REGISTRATION_REQUEST_BYTES = 32
REGISTRATION_RESPONSE_BYTES = 64
REGISTRATION_RECORD_BYTES = 192
KE1_BYTES = 96
KE2_BYTES = 320
KE3_BYTES = 64
SESSION_KEY_BYTES = 64

# AES-256-GCM with its nonce in front: 12 + plaintext + 16.
NONCE_BYTES = 12
TAG_BYTES = 16
WRAPPED_KEY_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES

GUESSES = 10
# What a record has at most after its database was restored from a dump.
GUESSES_AFTER_RESTORE = 3
LOGIN_SECONDS = 60
PENDING_SECONDS = 600
# A staged record that was not promoted by then is dropped.
STAGED_SECONDS = 3600
KIND_LETTERS = 20
MAX_VERSION = 2**31 - 1
