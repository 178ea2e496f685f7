"""A node's folder: founding with any number of parties, several mechanisms at once, and law 10 as the folder keeps it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import msgspec
import pytest
from tests.node.houses import (
    CHAPTERS,
    CLOCK,
    agree,
    build,
    charter,
    converse_once,
    houses,
    meet,
    note,
    put,
    reopen,
)
from tests.worlds import pact

from comity.core import canonical
from comity.core.act import Ref
from comity.core.charter import ROOT, Card, Charter, card_fingerprint, parse_card, parse_charter
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.core.keys import ED25519, ML_DSA
from comity.core.log import encode_page
from comity.exchange.talk import AskHeads, Refusal, answer
from comity.node import asking, home, standing
from comity.node.check import check
from comity.node.home import Node
from comity.node.record import Draft, Record

CODES = ("ETH", "IRQ", "JOR", "NLD", "TUR")


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def code_of(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.code


# ------------------------------------------------------------------------------------------- founding


@pytest.mark.parametrize("number", [2, 3, 5])
def test_any_number_of_parties_found_a_mechanism_and_settle_something_in_it(
    tmp_path: Path, number: int
) -> None:
    nodes, records = houses(tmp_path, *CODES[:number])
    assert len({record.mechanism for record in records.values()}) == 1
    assert all(asking.status(record)["founded"] for record in records.values())
    docket = put(records["ETH"])
    meet(list(records.values()))
    for code in CODES[1:number]:
        agree(records[code], docket)
    meet(list(records.values()))
    assert len({asking.digest(record) for record in records.values()}) == 1
    for record in records.values():
        (agreed,) = [m for m in standing.milestones(record, docket) if m["what"] == "pact_agreed"]
        assert agreed["standing"] == "settled"
    for node in nodes.values():
        assert list(check(node)) == []
        node.close()


def test_both_types_of_keys_are_made_and_sign(tmp_path: Path) -> None:
    """The default: Ed25519 and ML-DSA, for root and node keys alike; every head carries both."""
    nodes = [Node.init(tmp_path / code, code, {"en": code}, CHAPTERS, CLOCK) for code in ("IRQ", "TUR")]
    founded = nodes[0].propose([parse_card(node.make_card()) for node in nodes], {"en": "Both"}, [])
    records = [node.accept(founded) for node in nodes]
    meet(records)
    for node, record in zip(nodes, records, strict=True):
        assert [key.partition(":")[0] for key in node.settings.root] == [ED25519, ML_DSA]
        assert [
            signer.public.partition(":")[0] for signer in map(record.signers, record.node_keys(node.party))
        ] == [
            ED25519,
            ML_DSA,
        ]
        head = record.heads()[node.party]
        assert sum(line.name == head.checkpoint.origin for line in head.lines) == 2
        node.close()


def test_the_charter_is_the_same_whoever_proposes_it_and_in_whatever_order_the_cards_came(
    tmp_path: Path,
) -> None:
    nodes = [build(tmp_path / code, code) for code in CODES[:3]]
    cards = [parse_card(node.make_card(node_kinds=[ED25519])) for node in nodes]
    made = {
        node.propose(order, {"en": "One"}, ["pact"]).id for node in nodes for order in (cards, cards[::-1])
    }
    assert len(made) == 1


def test_accepting_twice_says_it_once(tmp_path: Path) -> None:
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    founded = charter(nodes)
    for node in nodes:
        assert node.accept(founded) is node.accept(founded)
        assert node.record().store.size(node.party) == 1
        again = reopen(node)
        assert again.accept(founded).store.size(node.party) == 1
        assert again.record().silent == []
        again.close()


def test_a_node_is_made_once(tmp_path: Path) -> None:
    build(tmp_path, "TUR")
    before = files(tmp_path)
    with pytest.raises(Refused) as refused:
        build(tmp_path, "IRQ")
    assert code_of(refused) == "node_exists"
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("tur", {"en": "Türkiye"}),
        ("T", {"en": "Türkiye"}),
        ("TÜR", {"en": "Türkiye"}),
        ("TUR\n", {"en": "Türkiye"}),
        ("", {"en": "Türkiye"}),
        ("TURKIYECUM", {"en": "Türkiye"}),
        ("TUR", {}),
        ("TUR", {"en": ""}),
        ("TUR", {"en": "x" * 201}),
        ("TUR", {"e": "Türkiye"}),
    ],
)
def test_a_party_code_or_a_name_that_no_card_could_carry_makes_no_node(
    tmp_path: Path, code: str, names: dict[str, str]
) -> None:
    """Nothing is written: not the folder, not one key."""
    with pytest.raises(Malformed):
        Node.init(tmp_path / "node", code, names, CHAPTERS, CLOCK, root_kinds=[ED25519])
    assert files(tmp_path) == {}


@pytest.mark.parametrize(("address", "tls"), [("https://" + "x" * 400, ""), ("", "not a hash")])
def test_an_address_that_no_card_could_carry_makes_no_keys(tmp_path: Path, address: str, tls: str) -> None:
    node = build(tmp_path, "TUR")
    before = files(tmp_path)
    with pytest.raises(Malformed):
        node.make_card(address, tls, [ED25519])
    assert files(tmp_path) == before


def card_file(tmp_path: Path) -> bytes:
    return build(tmp_path / "TUR", "TUR").make_card("https://tur.example", node_kinds=[ED25519])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda card: card | {"party": "tur"}, Malformed),
        (lambda card: card | {"v": 2}, Malformed),
        (lambda card: card | {"extra": 1}, Malformed),
        (lambda card: card | {"names": {}}, Malformed),
        (lambda card: card | {"node": []}, Malformed),
        (lambda card: card | {"sealing": card["node"][0]}, Malformed),
        (lambda card: card | {"address": "https://elsewhere.example"}, Broken),
        (lambda card: card | {"party": "IRQ"}, Broken),
        (lambda card: {**card, "node": card["root"]}, Broken),
    ],
)
def test_a_changed_card_is_refused(
    tmp_path: Path, change: Callable[[dict[str, object]], dict[str, object]], error: type[ComityError]
) -> None:
    """Every field is under the root key's signature, and every field has its shape."""
    signed = canonical.decode(card_file(tmp_path))
    with pytest.raises(error):
        parse_card(canonical.encode(signed | {"card": change(signed["card"])}))


def test_a_card_signed_by_another_key_is_refused(tmp_path: Path) -> None:
    signed = canonical.decode(card_file(tmp_path))
    other = build(tmp_path / "IRQ", "IRQ")
    signature = canonical.decode(other.make_card(node_kinds=[ED25519]))["signatures"]
    with pytest.raises(Broken):
        parse_card(canonical.encode(signed | {"signatures": signature}))
    with pytest.raises(Malformed):
        parse_card(canonical.encode(signed | {"signatures": signature * 2}))


def test_the_fingerprint_covers_everything_that_a_card_says(tmp_path: Path) -> None:
    """Whoever compares thirty digits by voice has compared keys, names and address."""
    card = parse_card(card_file(tmp_path))
    other = parse_card(build(tmp_path / "2", "TUR").make_card(node_kinds=[ED25519]))
    changed = [
        msgspec.structs.replace(card, **{field: getattr(other, field)})
        for field in ("node", "root", "sealing")
    ]
    changed += [msgspec.structs.replace(card, names={"en": "X"}), msgspec.structs.replace(card, address="")]
    prints = {card_fingerprint(one) for one in (card, *changed)}
    assert len(prints) == 6


def test_a_charter_with_anothers_keys_under_our_code_is_not_accepted(tmp_path: Path) -> None:
    """Someone put keys of their own in our place: nothing is stored, nothing is said."""
    nodes = {code: build(tmp_path / code, code) for code in ("IRQ", "TUR")}
    founded = charter(nodes.values())
    impostor = parse_card(build(tmp_path / "impostor", "TUR").make_card(node_kinds=[ED25519]))
    irq, tur = founded.parties
    before = files(nodes["TUR"].folder)
    for card in (
        impostor,
        msgspec.structs.replace(tur, node=impostor.node),
        msgspec.structs.replace(tur, sealing=impostor.sealing),
        msgspec.structs.replace(tur, root=impostor.root),
    ):
        forged = msgspec.structs.replace(founded, parties=[irq, card])
        with pytest.raises(Refused) as refused:
            nodes["TUR"].accept(parse_charter(canonical.encode(forged)))
        assert code_of(refused) == "card_not_ours"
    assert files(nodes["TUR"].folder) == before
    assert nodes["TUR"].mechanisms() == []


def test_a_charter_without_us_is_not_accepted(tmp_path: Path) -> None:
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    stranger = build(tmp_path / "JOR", "JOR")
    founded = charter(nodes)
    before = files(stranger.folder)
    with pytest.raises(Refused) as refused:
        stranger.accept(founded)
    assert code_of(refused) == "not_a_party"
    assert files(stranger.folder) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda c: msgspec.structs.replace(c, v=2),
        lambda c: msgspec.structs.replace(c, parties=[c.parties[0], c.parties[0]]),
        lambda c: msgspec.structs.replace(c, parties=c.parties[::-1]),
        lambda c: msgspec.structs.replace(c, parties=c.parties[:1]),
        lambda c: msgspec.structs.replace(c, chapters=["pact", "pact"]),
        lambda c: msgspec.structs.replace(c, names={}),
        lambda c: msgspec.structs.replace(
            c, parties=[c.parties[0], msgspec.structs.replace(c.parties[1], node=c.parties[0].node)]
        ),
        lambda c: msgspec.structs.replace(
            c, parties=[c.parties[0], msgspec.structs.replace(c.parties[1], node=c.parties[1].root)]
        ),
    ],
)
def test_an_unsound_charter_is_not_read(tmp_path: Path, change: Callable[[Charter], Charter]) -> None:
    """Another version, a party twice or out of order, one party alone, a key in two hands or of two uses."""
    founded = charter([build(tmp_path / code, code) for code in ("IRQ", "TUR")])
    with pytest.raises(Malformed):
        parse_charter(canonical.encode(change(founded)))


def test_a_duplicate_party_and_an_unknown_chapter_are_not_proposed(tmp_path: Path) -> None:
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    cards = [parse_card(node.make_card(node_kinds=[ED25519])) for node in nodes]
    again = parse_card(nodes[0].make_card(node_kinds=[ED25519]))
    with pytest.raises(Malformed, match="each once"):
        nodes[0].propose([*cards, again], {"en": "Twice"}, ["pact"])
    with pytest.raises(Refused) as refused:
        nodes[0].propose(cards, {"en": "Unknown"}, ["pact", "piracy"])
    assert code_of(refused) == "chapter_unknown"
    assert refused.value.facts == {"chapter": "piracy", "known": "pact"}


def test_a_folder_that_is_no_node_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="comity init"):
        Node(tmp_path, CHAPTERS, CLOCK)
    (tmp_path / "node.json").write_text('{"v":1.0}')
    with pytest.raises(Malformed, match=r"node\.json"):
        Node(tmp_path, CHAPTERS, CLOCK)


# ---------------------------------------------------------------------------------- several mechanisms


def everything(record: Record) -> bytes:
    """Every byte that a record would give to anybody who asks."""
    replies = [msgspec.msgpack.encode(answer(record, "JOR", AskHeads()))]
    replies += [encode_page(record.page(party, 0, 0)) for party in record.parties]
    dockets = record.store.opened("pact", None, 100)
    told = [asking.status(record), [asking.docket(record, docket) for docket in dockets]]
    return b"".join([*replies, repr(told).encode(), asking.digest(record).encode()])


def test_one_node_in_two_mechanisms_leaks_nothing_from_one_to_the_other(tmp_path: Path) -> None:
    """Separate keys, separate databases; what is said in one is nowhere in the files or the answers of the other."""
    nodes = {code: build(tmp_path / code, code) for code in ("IRQ", "JOR", "TUR")}
    two, three = charter([nodes["TUR"], nodes["IRQ"]], "Two"), charter(nodes.values(), "Three")
    bilateral = {code: nodes[code].accept(two) for code in ("IRQ", "TUR")}
    trilateral = {code: node.accept(three) for code, node in nodes.items()}
    assert two.id != three.id
    meet(list(bilateral.values()))
    meet(list(trilateral.values()))
    put(bilateral["TUR"], "between the two of us")
    put(trilateral["TUR"], "for all three")
    meet(list(bilateral.values()))
    meet(list(trilateral.values()))
    node = nodes["TUR"]
    assert node.mechanisms() == sorted([two.id, three.id])
    for code in ("IRQ", "TUR"):
        cards = two.card(code), three.card(code)
        assert cards[0].root == cards[1].root
        assert not {*cards[0].node, cards[0].sealing} & {*cards[1].node, cards[1].sealing}
    assert b"between the two of us" in everything(bilateral["TUR"])
    for secret, own, other in (
        (b"between the two of us", bilateral, trilateral),
        (b"for all three", trilateral, bilateral),
    ):
        for code, record in other.items():
            told = everything(record)
            assert secret not in told
            assert own["TUR"].mechanism.encode() not in told
            kept = files(nodes[code].folder / "mechanisms" / record.mechanism)
            assert all(
                secret not in raw and own["TUR"].mechanism.encode() not in raw for raw in kept.values()
            )
            own_node = own["TUR"].charter.card("TUR").node[0].encode()
            assert all(own_node not in raw for raw in kept.values())
    assert all(b"between the two of us" not in raw for raw in files(nodes["JOR"].folder).values())
    # A page of one mechanism is not taken in the other, although the same two parties sit in both.
    with pytest.raises(Malformed, match="not for this log of this mechanism"):
        trilateral["IRQ"].receive(bilateral["TUR"].page("TUR", 0, 0))
    with pytest.raises(Malformed, match="is for"):
        trilateral["TUR"].told("IRQ", bilateral["IRQ"].heads()["TUR"])
    for one in nodes.values():
        assert list(check(one)) == []
        one.close()


def test_a_mechanism_is_named_by_as_much_as_tells_it_apart(tmp_path: Path) -> None:
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    first = charter(nodes, "First")
    nodes[0].accept(first)
    assert nodes[0].record().mechanism == first.id
    second = charter(nodes, "Second")
    nodes[0].accept(second)
    with pytest.raises(Refused) as which:
        nodes[0].record()
    assert code_of(which) == "mechanism_which"
    with pytest.raises(Refused) as unknown:
        nodes[0].record("no such")
    assert code_of(unknown) == "mechanism_unknown"
    assert nodes[0].record(second.id).mechanism == second.id
    assert nodes[0].record(first.id[:20]).mechanism == first.id


def test_a_database_under_anothers_name_is_not_opened(tmp_path: Path) -> None:
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    first, second = (nodes[0].accept(charter(nodes, name)).mechanism for name in ("First", "Second"))
    nodes[0].close()
    folder = nodes[0].folder / "mechanisms"
    shutil.copy(folder / first / "record.db", folder / second / "record.db")
    with pytest.raises(Malformed, match="not that of this mechanism"):
        reopen(nodes[0]).record(second)


# --------------------------------------------------------------------------------------------- law 10


def by_rename(live: Path, backup: Path) -> None:
    live.rename(live.with_name("aside"))
    shutil.copytree(backup, live)


def by_moving_the_copy_in(live: Path, backup: Path) -> None:
    live.rename(live.with_name("aside"))
    backup.rename(live)


def in_place(live: Path, backup: Path) -> None:
    """File by file into the files that are there, so that every inode stays."""
    for path in live.rglob("*"):
        if path.is_file() and not (backup / path.relative_to(live)).exists():
            path.unlink()
    for path in backup.rglob("*"):
        if path.is_file():
            target = live / path.relative_to(backup)
            target.write_bytes(path.read_bytes())
            os.utime(target, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))


def only_the_database(live: Path, backup: Path) -> None:
    for path in live.glob("mechanisms/*/record.db*"):
        path.unlink()
    for path in backup.glob("mechanisms/*/record.db*"):
        shutil.copy2(path, live / path.relative_to(backup))


def only_the_database_in_place(live: Path, backup: Path) -> None:
    for path in live.glob("mechanisms/*/record.db*"):
        old = backup / path.relative_to(live)
        path.write_bytes(old.read_bytes()) if old.exists() else path.unlink()


RESTORES = [by_rename, by_moving_the_copy_in, in_place, only_the_database, only_the_database_in_place]


def backed_up(tmp_path: Path, *codes: str) -> tuple[dict[str, Node], Ref]:
    """Nodes with some life, TUR's folder copied aside, and then more life that everybody has seen."""
    nodes, records = houses(tmp_path, *codes)
    docket = put(records["TUR"])
    note(records["TUR"], docket, "before the backup")
    meet(list(records.values()))
    nodes["TUR"].close()
    shutil.copytree(nodes["TUR"].folder, tmp_path / "backup")
    nodes["TUR"] = reopen(nodes["TUR"])
    records["TUR"] = nodes["TUR"].record()
    assert records["TUR"].silent == [], "opening a folder where it lies is no restore"
    for number in range(3):
        note(records["TUR"], docket, f"after the backup {number}")
    meet(list(records.values()))
    nodes["TUR"].close()
    return nodes, docket


def refusal(record: Record, docket: Ref) -> str:
    with pytest.raises(Refused) as refused:
        note(record, docket)
    return code_of(refused)


@pytest.mark.parametrize("restore", RESTORES)
def test_a_restored_node_says_and_signs_nothing_until_every_counterpart_has_told(
    tmp_path: Path, restore: Callable[[Path, Path], None]
) -> None:
    nodes, docket = backed_up(tmp_path, "IRQ", "JOR", "TUR")
    restore(nodes["TUR"].folder, tmp_path / "backup")
    node = nodes["TUR"] = reopen(nodes["TUR"])
    record, irq, jor = node.record(), nodes["IRQ"].record(), nodes["JOR"].record()
    assert record.silent == ["IRQ", "JOR"]
    assert record.store.size("TUR") == 3
    assert refusal(record, docket) == "silent_after_restore"
    signed = record.heads()["TUR"].checkpoint.size
    assert signed <= 3, "no head beyond what was signed before the backup"
    put(irq)
    irq.head()
    converse_once(record, irq)
    assert record.silent == ["JOR"]
    assert record.store.size("TUR") == 6, "its own acts came back from the first that held them"
    assert refusal(record, docket) == "silent_after_restore"
    head = record.heads()["IRQ"]
    assert head.checkpoint.size == 2
    assert not any(line.name.endswith("/TUR") for line in head.lines), "it has cosigned nothing"
    node = nodes["TUR"] = reopen(node)
    record = node.record()
    assert record.silent == ["JOR"], "what was told is not forgotten when the node is started again"
    converse_once(record, jor)
    assert record.silent == []
    assert note(record, docket) == Ref("TUR", 6)
    meet([record, irq, jor])
    assert len({asking.digest(one) for one in (record, irq, jor)}) == 1
    for one in nodes.values():
        assert list(check(one)) == []
        assert one.record().frozen == {}
        one.close()


def test_a_copied_folder_is_silent_and_the_first_one_is_not(tmp_path: Path) -> None:
    """A copy that is started beside the living node is taken for a restore, wherever it lies."""
    nodes, docket = backed_up(tmp_path, "IRQ", "TUR")
    copy = Node(tmp_path / "backup", CHAPTERS, CLOCK)
    assert refusal(copy.record(), docket) == "silent_after_restore"
    assert reopen(nodes["TUR"]).record().silent == []


def test_a_folder_that_was_only_moved_speaks(tmp_path: Path) -> None:
    nodes, docket = backed_up(tmp_path, "IRQ", "TUR")
    nodes["TUR"].folder.rename(tmp_path / "elsewhere")
    assert note(Node(tmp_path / "elsewhere", CHAPTERS, CLOCK).record(), docket).number == 6


def test_a_node_that_lacks_what_its_own_recovered_acts_had_seen_waits(tmp_path: Path) -> None:
    """All have told, but what TUR/6 had seen is not back yet: it must not speak from a smaller past."""
    nodes, docket = backed_up(tmp_path, "IRQ", "JOR", "TUR")
    tur = reopen(nodes["TUR"])
    irq, jor = nodes["IRQ"].record(), nodes["JOR"].record()
    put(jor, "what TUR had seen")
    for record in (irq, jor):
        converse_once(tur.record(), jor)
        note(tur.record(), docket)
        converse_once(tur.record(), record)
    meet([irq, tur.record()])
    own = tur.record().store.size("TUR")
    tur.close()
    by_rename(tur.folder, tmp_path / "backup")
    tur = Node(tur.folder, CHAPTERS, CLOCK)
    record = tur.record()
    # Only its own log comes back, from IRQ; nobody hands it JOR's act.
    start, since = record.held("TUR")
    assert record.told("IRQ", irq.heads()["TUR"]) == own
    record.receive(irq.page("TUR", start, since))
    assert record.told("IRQ", irq.heads()["TUR"]) == 0
    assert record.told("JOR", jor.heads()["TUR"]) == 0
    assert record.silent == []
    assert record.store.size("TUR") == own > record.ready["TUR"]
    assert refusal(record, docket) == "still_recovering"
    assert record.heads()["TUR"].checkpoint.size == own, "the head that IRQ showed, and no newer one"
    assert answer(record, "IRQ", AskHeads()) != Refusal("Refused", "still_recovering")
    converse_once(record, jor)
    assert record.ready["TUR"] == own
    assert note(record, docket).number == own


def test_a_crash_between_writing_placed_and_remembering_it_only_makes_the_node_silent(tmp_path: Path) -> None:
    """Both while it is founded and while it is opened after a restore."""
    nodes, _ = backed_up(tmp_path, "IRQ", "TUR")
    by_rename(nodes["TUR"].folder, tmp_path / "backup")
    write = home.save

    def crash(path: Path, raw: bytes) -> None:
        write(path, raw)
        if path.name == "placed":
            raise KeyboardInterrupt

    with mock.patch.object(home, "save", crash), pytest.raises(KeyboardInterrupt):
        Node(nodes["TUR"].folder, CHAPTERS, CLOCK).record()
    record = Node(nodes["TUR"].folder, CHAPTERS, CLOCK).record()
    assert record.silent == ["IRQ"]
    converse_once(record, nodes["IRQ"].record())
    assert record.silent == []

    pair = [build(tmp_path / "new" / code, code) for code in ("IRQ", "TUR")]
    founded = charter(pair)
    with mock.patch.object(home, "save", crash), pytest.raises(KeyboardInterrupt):
        pair[1].accept(founded)
    other, late = pair[0].accept(founded), reopen(pair[1]).accept(founded)
    assert late.silent == ["IRQ"]
    assert late.store.size("TUR") == 0
    converse_once(late, other)
    assert late.silent == []
    assert reopen(pair[1]).accept(founded).store.size("TUR") == 1


def test_accepting_the_charter_again_does_not_hide_a_restore(tmp_path: Path) -> None:
    """Neither over an older copy nor where the database is gone: a second act 0 would be a second history."""
    nodes, _ = backed_up(tmp_path, "IRQ", "TUR")
    by_rename(nodes["TUR"].folder, tmp_path / "backup")
    founded = nodes["IRQ"].record().charter
    node = Node(nodes["TUR"].folder, CHAPTERS, CLOCK)
    assert node.accept(founded).silent == ["IRQ"]
    node.close()
    next(node.folder.glob("mechanisms/*/record.db")).unlink()
    record = node.accept(founded)
    assert record.silent == ["IRQ"]
    assert record.store.size("TUR") == 0
    converse_once(record, nodes["IRQ"].record())
    assert record.store.size("TUR") == 6
    assert record.silent == []
    assert nodes["IRQ"].record().frozen == {}


def test_a_restore_without_any_counterpart_that_holds_more_goes_on_where_it_stands(tmp_path: Path) -> None:
    """What nobody has seen is lost with the disk; the numbers are free again, and no history forks."""
    nodes, records = houses(tmp_path, "IRQ", "TUR")
    docket = put(records["TUR"])
    meet(list(records.values()))
    nodes["TUR"].close()
    shutil.copytree(nodes["TUR"].folder, tmp_path / "backup")
    node = reopen(nodes["TUR"])
    lost = note(node.record(), docket, "seen by nobody")
    node.close()
    by_rename(node.folder, tmp_path / "backup")
    record = Node(node.folder, CHAPTERS, CLOCK).record()
    assert refusal(record, docket) == "silent_after_restore"
    converse_once(record, records["IRQ"])
    assert note(record, docket, "instead") == lost
    meet([record, records["IRQ"]])
    assert asking.digest(record) == asking.digest(records["IRQ"])


# ------------------------------------------------------------------------------------------- the files


def test_everything_of_a_node_lies_in_its_folder_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    nodes, _ = houses(tmp_path, "IRQ", "TUR")
    kept = files(nodes["TUR"].folder)
    folder = f"mechanisms/{nodes['TUR'].record().mechanism}"
    assert {f"{folder}/record.db", f"{folder}/placed", "node.json"} <= set(kept)
    for path in nodes["TUR"].folder.rglob("*"):
        if path.is_file() and not path.name.startswith("record.db"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    for path in (nodes["TUR"].folder, nodes["TUR"].folder / "keys", nodes["TUR"].folder / folder):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path


def test_a_passphrase_opens_what_it_sealed(tmp_path: Path) -> None:
    """All keys of the node: without it nothing is signed, and what needs no key is still shown."""
    with mock.patch.dict("comity.node.keystore.ARGON", {"iterations": 1, "lanes": 1, "memory_kib": 64}):
        nodes = [build(tmp_path / code, code, "açıl susam") for code in ("IRQ", "TUR")]
        founded = charter(nodes)
        meet([node.accept(founded) for node in nodes])
        for node in nodes:
            node.close()
    closed = Node(tmp_path / "TUR", CHAPTERS, CLOCK)
    record = closed.record()
    assert asking.status(record)["founded"]
    assert put(record).number == 1
    with pytest.raises(Unavailable, match="sealed"):
        record.heads()
    opened = Node(tmp_path / "TUR", CHAPTERS, CLOCK, "açıl susam").record()
    assert opened.heads()["TUR"].checkpoint.size == 2


def test_an_unreadable_folder_is_unavailable_not_a_traceback(tmp_path: Path) -> None:
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    founded = charter(nodes)
    (nodes[0].folder / "mechanisms").write_text("a file in its place")
    with pytest.raises(Unavailable):
        nodes[0].accept(founded)
    with pytest.raises(Unavailable):
        build(nodes[0].folder / "node.json", "TUR")


def test_a_founded_draft_by_one_side_alone_moves_nothing(tmp_path: Path) -> None:
    """Law 2 from the start: before every party has accepted the charter, nothing but the charter can be said."""
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    record = nodes[0].accept(charter(nodes))
    with pytest.raises(Refused) as refused:
        record.say(Draft("pact.put/1", pact.Put("alone"), ROOT))
    assert code_of(refused) == "chapter_inactive"
    assert record.store.size("IRQ") == 1


def test_a_card_of_a_party_can_serve_one_mechanism_alone(tmp_path: Path) -> None:
    """A card names keys that are fresh: two charters with one card would share a node key across mechanisms."""
    nodes = [build(tmp_path / code, code) for code in ("IRQ", "TUR")]
    first, second = charter(nodes, "First"), charter(nodes, "Second")
    for code in ("IRQ", "TUR"):
        one, two = first.card(code), second.card(code)
        assert isinstance(one, Card)
        assert not {*one.node, one.sealing} & {*two.node, two.sealing}
