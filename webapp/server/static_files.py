"""Files as they are on disk: the site's own, and the browser app's content-hashed assets."""

from pathlib import Path
from wsgiref.headers import Headers

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

APP_ASSETS = "/app/assets/"


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, and `static/dist/assets` under /app/assets/ with the compressed twins that the build left there."""

    def __init__(self, get_response=None, settings=settings):
        super().__init__(get_response, settings)
        assets = settings.APP_BUNDLE / "assets"
        if self.autorefresh or assets.is_dir():
            self.add_files(str(assets), prefix=APP_ASSETS)

    def get_static_file(self, path, url, stat_cache=None):
        """A file with its twins; zstd before brotli, since the largest files are opened faster from it."""
        file = super().get_static_file(path, url, stat_cache)
        twin = f"{path}.zst"
        if twin in stat_cache if stat_cache is not None else Path(twin).is_file():
            with_zstd = StaticFile(path, self._headers_of(path, url), {"zstd": twin}, stat_cache)
            file.alternatives = [found for found in with_zstd.alternatives if found[1] == twin] + file.alternatives
        return file

    def _headers_of(self, path, url):
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        return headers.items()

    def immutable_file_test(self, path, url):
        """Every file of the app's assets carries its digest in its name; so do the collected ones of the site."""
        return url.startswith(APP_ASSETS) or super().immutable_file_test(path, url)
