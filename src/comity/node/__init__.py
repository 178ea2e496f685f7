"""A party's node: its mechanisms, and what it says, receives and answers in each. Only wiring; it decides nothing.

Read `record` first (say, receive, ask), then `saying`, `receiving`, `serving`, `restoring`, which hold its verbs;
`holding` (what is held of a log), `folds` (dockets), `asking`, `proving`, `check`; `home` and `keystore` (the folder).
"""
