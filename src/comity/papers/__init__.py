"""The papers that people sign: instruments, minutes, reports and certificates, as PDF/A-2b.

A `Paper` (module `paper`) is plain data that says all that is printed. `typeset` makes the file of it: the same paper
gives the same bytes on every machine, so that whoever holds the record can make the file again and compare.
"""
