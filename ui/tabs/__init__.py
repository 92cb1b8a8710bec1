"""One module a tab: components first, then what happens when they are used."""
