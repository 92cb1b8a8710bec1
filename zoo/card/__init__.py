"""The architecture card: schema, sections, validation, README."""
