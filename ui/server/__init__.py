"""Serving the app: settings, permissions, uploads, folders."""
