"""The demonstration: two real nodes and one memorandum, from the first card to a stranger's verification."""
