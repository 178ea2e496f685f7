"""The record itself, pure: no I/O, no clock, no random source, no database.

Read in this order: `errors`, `canonical`, `keys`, `act`, `entry`, `merkle`, `checkpoint`, `log`,
`charter`, `halves`, `chapter`, `fold`, `proof`.
"""
