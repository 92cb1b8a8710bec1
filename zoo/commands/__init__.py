"""The commands of `python -m zoo`; `zoo.__main__.COMMANDS` lists them."""
