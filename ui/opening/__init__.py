"""Opening recordings: upload, server folder, demo, what to do when it fails."""
