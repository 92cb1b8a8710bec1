"""Commands that need no model, one module each (see `seizure_core.command_line`)."""
