"""Comity runs the standing machinery that states set up when they sign a memorandum of understanding."""

__version__ = "0.1.0"
