"""Models on the disk: registry, folders, home, bundles, trash."""
