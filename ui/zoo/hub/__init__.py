"""The Hub panel: models are found, pulled and published, team registries added."""
