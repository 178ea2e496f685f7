"""The conversation by file: `outside` is the format, `packing` writes one, `opening` reads one, `bridge` fits it in."""
