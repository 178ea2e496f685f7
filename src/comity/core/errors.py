"""The four ways in which something can go wrong, and no others.

Each says what happened and to which thing; each interface maps them to its own exit codes or statuses
in one table, so no status lives in here.

    Malformed("leaf IRQ/4", "a number with a fraction is not allowed", at="byte 118")
    Refused("bracket_open", provision="VCLT art. 10", brackets="b2, b5")
"""

from __future__ import annotations

__all__ = ["Broken", "ComityError", "Malformed", "Refused", "Unavailable"]


class ComityError(Exception):
    """The common parent, so that an interface can catch all four at once."""


class Malformed(ComityError):
    """Bytes that are not what they claim to be: `thing` is what was read, `why` the reason, `at` the place."""

    def __init__(self, thing: str, why: str, at: str = "") -> None:
        self.thing, self.why, self.at = thing, why, at
        super().__init__(f"{thing}{f' ({at})' if at else ''}: {why}")


class Refused(ComityError):
    """A rule forbids it. `code` names the refusal in every language's words; `provision` is the rule's source.

    `facts` fill the placeholders of the words; they are plain strings and never personal data.
    """

    def __init__(self, code: str, provision: str = "", **facts: object) -> None:
        self.code, self.provision = code, provision
        self.facts = {name: str(fact) for name, fact in facts.items()}
        told = ", ".join(f"{name}={fact}" for name, fact in self.facts.items())
        super().__init__(f"{code}{f' ({told})' if told else ''}{f' [{provision}]' if provision else ''}")


class Broken(ComityError):
    """A party's own signed words contradict each other, or a signature does not verify.

    `proof` is the file that a third person can check (see `comity.core.proof`), or None where only a
    signature failed, which proves nothing about anybody.
    """

    def __init__(self, thing: str, why: str, proof: bytes | None = None) -> None:
        self.thing, self.why, self.proof = thing, why, proof
        super().__init__(f"{thing}: {why}")


class Unavailable(ComityError):
    """Something outside could not be had: a node, a disk, a database, a key. Nothing was changed."""

    def __init__(self, thing: str, why: str) -> None:
        self.thing, self.why = thing, why
        super().__init__(f"{thing}: {why}")
