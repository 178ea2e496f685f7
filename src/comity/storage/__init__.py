"""Where a mechanism's logs are kept: the port, and one module for each database that stands behind it."""
