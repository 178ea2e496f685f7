"""Who may sign for a party: whoever holds full powers for the instrument, or an office that needs none.

    check_powers(Office("defence", ...), [Powers(TUR/6, "defence", key, "TUR/4", None)], "TUR/4", date(2024, 8, 15))

The same rule judges a signature in the record (`rules`) and one on paper (`comity.papers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from comity.core.act import Act
from comity.core.chapter import Office, Powers, Setting
from comity.core.errors import Refused

__all__ = ["EX_OFFICIO", "check_powers", "check_signer"]

EX_OFFICIO = ("head_of_state", "head_of_government", "foreign_minister")
"""Who signs without full powers, by virtue of the function (VCLT art. 7(2)(a))."""


def check_signer(act: Act, setting: Setting, on: date) -> None:
    """Raise `Refused` unless the act is signed by someone who may sign this docket's instrument on that day."""
    holder = setting.signer(act)
    if holder is None:
        raise Refused("signature_needed", "VCLT art. 11", kind=act.kind)
    check_powers(holder, setting.powers(act.party), str(act.docket), on)


def check_powers(holder: Office, issued: Sequence[Powers], docket: str, on: date) -> None:
    """Raise `Refused` unless the holder needs no full powers, or has some for this docket that cover the day.

    VCLT art. 7(1)(a) and 7(2)(a).
    """
    if holder.ex_officio in EX_OFFICIO:
        return
    mine = [powers for powers in issued if powers.office == holder.name]
    here = [powers for powers in mine if powers.instrument == docket]
    if not mine:
        raise Refused("powers_missing", "VCLT art. 7", office=holder.name, instrument=docket)
    if not here:
        raise Refused(
            "powers_other", "VCLT art. 7", office=holder.name, instrument=docket, powers=mine[-1].instrument
        )
    valid = [one for one in here if not one.revoked]
    if not valid:
        raise Refused("powers_revoked", "VCLT art. 7", office=holder.name, powers=here[-1].said)
    held = [one for one in valid if one.key == holder.key]
    if not held:
        raise Refused("powers_key", "VCLT art. 7", office=holder.name, powers=valid[-1].said)
    last = held[-1]
    if all(one.until is not None and on > one.until for one in held):
        raise Refused(
            "powers_expired", "VCLT art. 7", office=holder.name, powers=last.said, until=last.until, on=on
        )
