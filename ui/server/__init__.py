"""How the app is served: settings, permissions, uploads, folders."""
