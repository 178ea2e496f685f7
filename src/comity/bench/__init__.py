"""`comity bench record`: how fast the record is on this machine, beside a floor measured in the same run.

    comity bench record --acts 100000 --json figures.json
    comity bench record --growth --chart growth.svg

Machines differ and are busy with other things, so every rate stands beside a *floor*: the least that any program
could do with the same bytes in a bare table of the same kind of database. The two take turns within one run, and
what counts is their ratio. `docs/reference/bench.md` says exactly what each figure means. Start reading at `record`.
"""
