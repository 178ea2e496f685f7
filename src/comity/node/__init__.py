"""A party's node: its mechanisms, and what it says, receives and answers in each. Only wiring; it decides nothing.

`record` (say, receive, ask), `holding` (what is held of each log), `keystore`, `founding`, `check`, `home` (the folder).
"""
