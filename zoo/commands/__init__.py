"""The subcommands of `python -m zoo`, one module each.

A module has NAME, HELP, `add_arguments(parser)` and `run(arguments) -> exit status`, and is
named once in `zoo.__main__.COMMANDS`. It imports what is slow, such as torch, inside `run`.
"""
