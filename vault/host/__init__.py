"""The vault as a program of its own: settings, processes, worker, admin. `python -m vault.host run` starts it.

Where site and vault share one process nothing of this is loaded, but for what both need to run at all: reading settings
from the environment (environment.py), child processes (processes.py), the embedded broker (file_broker.py).
"""
