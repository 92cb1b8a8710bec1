"""The subcommands of `python -m training`, one module each, built as those of `zoo.commands`."""
