"""One file a command: `HELP`, `add_arguments(parser)`, `run(args) -> int`. `__main__.py` names them."""
