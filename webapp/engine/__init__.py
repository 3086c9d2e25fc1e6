"""The engine: everything that reads, seals and restores backups.

Pure Python that runs anywhere: no Django, no js, no sockets, no threads.
"""
