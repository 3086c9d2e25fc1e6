"""A chat export to try Coffer with: invented people, an invented weekend, pictures drawn by code.

Everything is made in memory; the same year and the same zlib give the same bytes.
"""

from webapp.engine.sample.export import sample_export

__all__ = ["sample_export"]
