"""The way to a vault on a host of its own: the site forwards its API byte for byte; the browser keeps one origin.

The site adds nothing and reads nothing. What it could do, an attacker on the way could do too: withhold, repeat, or put
another vault in its place, which the browser notices by its pinned keys.
"""
