"""A pytest plugin: histories that fail are not made shorter, because nobody is going to read them."""

from hypothesis import Phase, settings

settings.register_profile("no shrinking", phases=[Phase.explicit, Phase.generate])
settings.load_profile("no shrinking")
