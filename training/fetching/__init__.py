"""Download of public databases: resumable, parallel, verified by checksums."""
