"""The command line: generic, made from each chapter's own definitions. Start reading at `main`."""
