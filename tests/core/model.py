"""The rule of halves as a model: the plainest program that says it, to hold the real one against.

It knows nothing of leaves, heads or folds. A log is a tuple of (kind, seen): "y" (yes to the one text) or "w"
(withdrawal), and `seen`, one number for each party: how many acts of its log the author had stored.

Rule. Yeses of several parties match unless one of them had been withdrawn *and another side had seen that* before its
own yes. A match is settled at a node when every other party's receipt covers each half. A withdrawal is settled
when every other party's receipt covers it and no match binds a yes before it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

Act = tuple[str, tuple[int, ...]]
Log = tuple[Act, ...]
Logs = tuple[Log, ...]
Cut = tuple[int, ...]
Receipts = tuple[Cut, ...]
"""Receipts[q]: what party q's newest head, as a node holds it, covers of each log."""
Fact = tuple[str, tuple[int, ...]]


def withdrawn_in_sight(log: Log, yes: int, sight: int) -> bool:
    """Was the yes at index `yes` withdrawn within the first `sight` acts of its own log?"""
    return any(kind == "w" for kind, _ in log[yes + 1 : sight])


def matches(logs: Logs) -> set[tuple[int, ...]]:
    """Every tuple of yeses, one of each party, that match."""
    yeses = [[i for i, (kind, _) in enumerate(log) if kind == "y"] for log in logs]
    parties = range(len(logs))
    return {
        chosen
        for chosen in itertools.product(*yeses)
        if not any(
            withdrawn_in_sight(logs[p], chosen[p], logs[q][chosen[q]][1][p])
            for p in parties
            for q in parties
            if p != q
        )
    }


def withdrawals(log: Log, bound: set[int]) -> set[int]:
    """Withdrawals with effect: after some yes, and after no yes that a match binds."""
    return {
        w
        for w, (kind, _) in enumerate(log)
        if kind == "w" and any(k == "y" for k, _ in log[:w]) and not any(i < w for i in bound)
    }


def below(logs: Logs, cut: Cut) -> Logs:
    return tuple(log[:n] for log, n in zip(logs, cut, strict=True))


def covered(party: int, number: int, receipts: Receipts) -> bool:
    return all(receipt[party] > number for q, receipt in enumerate(receipts) if q != party)


def settled(logs: Logs, cut: Cut, receipts: Receipts) -> set[Fact]:
    """What a node that holds `cut` and these receipts (its own is the cut) shows as settled."""
    held = below(logs, cut)
    found = matches(held)
    facts: set[Fact] = {
        ("agreed", match) for match in found if all(covered(p, i, receipts) for p, i in enumerate(match))
    }
    for p, log in enumerate(held):
        effective = withdrawals(log, {match[p] for match in found})
        facts |= {("withdrawn", (p, w)) for w in effective if covered(p, w, receipts)}
    return facts


def contradicting(facts: set[Fact]) -> list[tuple[Fact, Fact]]:
    """Pairs of an agreed match and a withdrawal of a yes that it binds."""
    agreed = [fact for fact in facts if fact[0] == "agreed"]
    gone = [fact for fact in facts if fact[0] == "withdrawn"]
    return [(a, w) for a in agreed for w in gone if a[1][w[1][0]] < w[1][1]]


# ------------------------------------------------------------------------------- every history there can be


def histories(parties: int, most: int) -> Iterator[Logs]:
    """Every set of logs of up to `most` acts each, saying yes and withdrawing in turn, that could have come about.

    Each is made once, whatever the order in which it came about: acts are added only where all they have seen is
    there, and a `seen` brings along what its acts had seen.
    """
    start: Logs = ((),) * parties
    known, waiting = {start}, [start]
    while waiting:
        logs = waiting.pop()
        yield logs
        for p, log in enumerate(logs):
            if len(log) == most:
                continue
            kind = "w" if log and log[-1][0] == "y" else "y"
            least = log[-1][1] if log else (0,) * parties
            for seen in cuts(logs, least, p):
                after = (*logs[:p], (*log, (kind, seen)), *logs[p + 1 :])
                if after not in known:
                    known.add(after)
                    waiting.append(after)


def first_of_its_kind(logs: Logs) -> bool:
    """Whether this is the history by which those that differ only in the parties' names are represented."""
    for order in itertools.permutations(range(len(logs))):
        if tuple(tuple((k, tuple(seen[q] for q in order)) for k, seen in logs[p]) for p in order) < logs:
            return False
    return True


def cuts(logs: Logs, least: Cut, me: int) -> Iterator[Cut]:
    """Every cut that a party with this whole log could have of the others, from `least` on. Its own place is its size."""
    ranges = [range(least[q], len(log) + 1) if q != me else [len(log)] for q, log in enumerate(logs)]
    for cut in itertools.product(*ranges):
        if closed(logs, cut):
            yield cut


def closed(logs: Logs, cut: Cut) -> bool:
    """Whether a cut holds all that its own acts have seen (what a node has read is always so)."""
    return all(
        seen[q] <= cut[q]
        for p, log in enumerate(logs)
        for _, seen in log[: cut[p]]
        for q in range(len(logs))
        if q != p
    )


def receipts_at(logs: Logs, cut: Cut) -> Iterator[Receipts]:
    """The receipts that a node at `cut` can hold, at their extremes: each other party's head may have been signed

    right after its last act here, or right before its next act, or, if there is none, when it had everything.
    """
    whole = tuple(len(log) for log in logs)
    choices = []
    for log, n in zip(logs, cut, strict=True):
        earliest = log[n - 1][1] if n else (0,) * len(logs)
        latest = log[n][1] if n < len(log) else whole
        choices.append([earliest, latest] if earliest != latest else [earliest])
    yield from itertools.product(*choices)


def most(first: Cut, second: Cut) -> Cut:
    return tuple(max(a, b) for a, b in zip(first, second, strict=True))
