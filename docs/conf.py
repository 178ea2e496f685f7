"""How the documentation is built: `make docs`. Sphinx, with Markdown read by MyST and laid out by furo."""

import logging

from comity import __version__

project = "Comity"
author = "The Comity developers"
copyright = "The Comity developers. Apache License 2.0"
version = release = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"Comity {__version__}"
html_show_sourcelink = False
html_copy_source = False


def setup(_app):
    """Let a folder hold nothing but its index until its first page is written.

    Sphinx gives this one warning a subtype but no type, so `suppress_warnings` cannot name it.
    """
    logging.getLogger("sphinx.sphinx.directives.other").addFilter(
        lambda record: getattr(record, "subtype", None) != "empty_glob"
    )
