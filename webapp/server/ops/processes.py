"""The processes of the site: the web server, and the worker that carries the clock."""

from pathlib import Path

from vault.host import processes


def web_server(host: str, port: int, workers: int, threads: int) -> list[str]:
    """granian serving the site."""
    return processes.web_server("webapp.server.wsgi:application", host, port, workers, threads)


def worker(schedule: Path | None) -> list[str]:
    """The site's Celery worker; schedule: where the clock inside it notes what ran when; None: without a clock."""
    return processes.worker("webapp.server.celery", schedule)


def clock(schedule: Path) -> list[str]:
    """The site's clock by itself."""
    return processes.clock("webapp.server.celery", schedule)
