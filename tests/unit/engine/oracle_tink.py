"""Google's Tink as the oracle of the sealed stream: the same key material, parameters and associated data."""

import io

import tink
from tink import cleartext_keyset_handle, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

streaming_aead.register()


def tink_primitive(key: bytes) -> streaming_aead.StreamingAead:
    """AES256-GCM-HKDF, SHA-256, 32-byte derived key, 512 KiB ciphertext segments."""
    parameters = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
        ciphertext_segment_size=512 * 1024, derived_key_size=32, hkdf_hash_type=common_pb2.SHA256
    )
    streaming_key = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(version=0, key_value=key, params=parameters)
    keyset = tink_pb2.Keyset(primary_key_id=1)
    entry = keyset.key.add()
    entry.key_id = 1
    entry.status = tink_pb2.ENABLED
    entry.output_prefix_type = tink_pb2.RAW
    entry.key_data.type_url = "type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey"
    entry.key_data.key_material_type = tink_pb2.KeyData.SYMMETRIC
    entry.key_data.value = streaming_key.SerializeToString()
    handle = cleartext_keyset_handle.read(tink.BinaryKeysetReader(keyset.SerializeToString()))
    return handle.primitive(streaming_aead.StreamingAead)


def tink_seal(key: bytes, associated_data: bytes, plaintext: bytes) -> bytes:
    target = io.BytesIO()
    target.close = lambda: None  # type: ignore[method-assign]
    with tink_primitive(key).new_encrypting_stream(target, associated_data) as stream:
        stream.write(plaintext)
    return target.getvalue()


def tink_open(key: bytes, associated_data: bytes, sealed: bytes) -> bytes:
    with tink_primitive(key).new_decrypting_stream(io.BytesIO(sealed), associated_data) as stream:
        return stream.read()
