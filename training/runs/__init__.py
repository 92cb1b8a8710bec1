"""Runs: folder, worker process, queue, status."""
