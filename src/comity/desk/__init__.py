"""What every interface needs of a node (terminal, page, program): fields, drafts, words for what happened."""
