"""Torch modules for the layers that torch does not have; imported only when a net is built."""
