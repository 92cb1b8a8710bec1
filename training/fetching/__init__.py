"""Downloads public databases: resumable, in parallel, checked against published checksums."""
