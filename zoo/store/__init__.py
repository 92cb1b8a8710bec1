"""Models on disk: registry, folders, home folder, bundles, trash."""
