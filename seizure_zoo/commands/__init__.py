"""Commands of the installed program alone: serving the app, completion."""
