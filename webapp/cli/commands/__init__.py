"""One file a command: `NAME`, `HELP`, `add_arguments(parser)`, `run(args) -> int`. `__main__.py` lists them."""
