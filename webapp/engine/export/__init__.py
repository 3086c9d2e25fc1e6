"""Chats written out in open formats: HTML to read and print, JSON, CSV, text; with their media.

Everything is written front to back through the small port `Folder`: a real folder, or a zip (`zip_folder`).
"""

from webapp.engine.export.chats import FORMATS, ExportJob, export_chats
from webapp.engine.export.folder import Folder
from webapp.engine.export.zip_folder import ZipFolder

__all__ = ["FORMATS", "ExportJob", "Folder", "ZipFolder", "export_chats"]
