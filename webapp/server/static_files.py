"""Files as they are on disk: the site's own, and the browser app's content-hashed assets."""

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

APP_ASSETS = "/app/assets/"


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, and `static/dist/assets` under /app/assets/ with the compressed twins that the build left there."""

    def __init__(self, get_response=None, settings=settings):
        super().__init__(get_response, settings)
        assets = settings.APP_BUNDLE / "assets"
        if self.autorefresh or assets.is_dir():
            self.add_files(str(assets), prefix=APP_ASSETS)

    def immutable_file_test(self, path, url):
        """Every file of the app's assets carries its digest in its name; so do the collected ones of the site."""
        return url.startswith(APP_ASSETS) or super().immutable_file_test(path, url)
