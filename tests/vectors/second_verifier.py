"""A second verifier of proof files, written from docs/reference/verify.md alone. It imports nothing of Comity.

    python tests/vectors/second_verifier.py proof.json

`disclosure` is the same for a withheld file that its author shows.

It prints the verdict as JSON, or says why there is none. Its job is to keep the document honest: where this program
and `comity verify` disagree about a file, one of them, or the page, is wrong.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

PARTY, NUMBER = "[A-Z][A-Z0-9]{1,7}", "(?:0|[1-9][0-9]{0,11})"
REF, HASH = f"{PARTY}/{NUMBER}", "[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
OFFICE = "[a-z][a-z0-9-]{0,39}"
KEYS = {
    "ed25519": (32, 64, b"\x01", b"\x04"),
    "ml-dsa-44": (1312, 2420, b"\xffcomity.note.ml-dsa-44", b"\x06"),
}
P = 2**255 - 19
SMALL = {0, 1, P - 1, 2707385501144840649318225287225658788936804267575313519463743609750303402022,
         55188659117513257062467267217118295137698188065244968500265048394206261417927}  # fmt: skip


class MalformedError(Exception):
    """The file is not a proof."""


class BrokenError(Exception):
    """The file proves nothing."""


def need(held, why, error=MalformedError):
    if not held:
        raise error(why)


# ------------------------------------------------------------------------------------ bytes and JSON


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64url(text, size=None):
    need(isinstance(text, str) and re.fullmatch("[A-Za-z0-9_-]*", text, re.ASCII), "not base64url")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise MalformedError("not base64url") from error
    need(
        b64url(raw) == text and size in {None, len(raw)},
        "not base64url of that size, or not in its one spelling",
    )
    return raw


def unb64(text):
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise MalformedError("not base64") from error
    need(base64.b64encode(raw).decode() == text, "base64 not in its one spelling")
    return raw


def pairs(found):
    need(len(dict(found)) == len(found), "a key occurs twice")
    return dict(found)


def number(text):
    value = int(text)
    need(abs(value) < 2**53, "a number is too large")
    return value


def no_float(text):
    raise MalformedError(f"a number with fraction or exponent: {text}")


def canonical(value):
    def ordered(x):
        if isinstance(x, dict):
            return {k: ordered(x[k]) for k in sorted(x, key=lambda k: k.encode("utf-16-be"))}
        return [ordered(v) for v in x] if isinstance(x, list) else x

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def read_json(raw):
    try:
        value = json.loads(
            raw.decode(),
            object_pairs_hook=pairs,
            parse_int=number,
            parse_float=no_float,
            parse_constant=no_float,
        )
        again = canonical(value)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"not JSON: {error}") from error
    need(again == raw, "not canonical JSON")
    return value


def text(pattern=None, most=None, default=None):
    def check(value):
        need(isinstance(value, str), "not a string")
        need(pattern is None or re.fullmatch(pattern, value, re.ASCII), f"{value[:40]!r} does not match")
        need(most is None or len(value) <= most, "too long")

    return check, default


def listed(most, least=0, default=None):
    def check(value):
        need(isinstance(value, list) and least <= len(value) <= most, "not a list of that length")
        need(all(isinstance(v, str) for v in value), "not a list of strings")

    return check, default


def mapped(key, value_ok, most=None, default=None):
    def check(value):
        need(isinstance(value, dict) and (most is None or len(value) <= most), "not an object of that size")
        need(
            all(re.fullmatch(key, k, re.ASCII | re.DOTALL) and value_ok(v) for k, v in value.items()),
            "a bad entry",
        )

    return check, default


def whole(least, most, default=None):
    return (lambda v: need(type(v) is int and least <= v <= most, "not such an integer")), default


def anything(kind):
    return (lambda v: need(isinstance(v, kind), "of the wrong type")), None


def fields(value, /, **table):
    """Hold an object against a table of its fields, and return it with the defaults of those left out."""
    need(isinstance(value, dict) and set(value) <= set(table), "not an object of these fields")
    for name, (check, default) in table.items():
        need(name in value or default is not None, f"{name} is missing")
        if name in value:
            need(default is None or value[name] != default, f"{name} is written out though it is the default")
            check(value[name])
    return {name: value.get(name, default) for name, (_, default) in table.items()}


def on_calendar(value, form):
    try:
        return bool(dt.datetime.strptime(value, form))  # noqa: DTZ007
    except ValueError:
        return False


def is_text(value):
    return isinstance(value, str)


# ---------------------------------------------------------------------------------- keys, signatures


def typed(key):
    kind, colon, raw = key.partition(":")
    need(colon and kind in KEYS, "not a typed signing key")
    return kind, unb64url(raw, KEYS[kind][0])


def sound(point):
    y = int.from_bytes(point, "little") & (2**255 - 1)
    return y < P and y not in SMALL


def verifies(key, message, signature):
    kind, raw = typed(key)
    if len(signature) != KEYS[kind][1]:
        return False
    if kind == "ed25519" and not (sound(raw) and sound(signature[:32])):
        return False
    try:
        (Ed25519PublicKey if kind == "ed25519" else MLDSA44PublicKey).from_public_bytes(raw).verify(
            signature, message
        )
    except (InvalidSignature, ValueError):
        return False
    return True


# -------------------------------------------------------------------------------------- Merkle trees


def node(left, right):
    return sha(b"\1", left, right)


def root_from_inclusion(index, size, h, path):
    need(0 <= index < size, "no such leaf")
    at, last = index, size - 1
    for step in path:
        need(last, "path too long")
        if at & 1 or at == last:
            h = node(step, h)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            h = node(h, step)
        at, last = at >> 1, last >> 1
    need(last == 0, "path too short")
    return h


def prefix(old, new, path):
    need(path and 0 < old <= new, "no prefix path")
    if old == new:
        need(len(path) == 1, "one hash is enough here")
        return path[0], path[0]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    earlier = later = path[0]
    for step in path[1:]:
        need(last, "path too long")
        if at & 1 or at == last:
            earlier, later = node(step, earlier), node(step, later)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            later = node(later, step)
        at, last = at >> 1, last >> 1
    need(last == 0, "path too short")
    return earlier, later


def root_after(roots, size, leaves):
    roots = list(roots)
    for at, leaf in enumerate(leaves, size):
        roots.append(sha(b"\0", leaf))
        while at & 1:
            right, left = roots.pop(), roots.pop()
            roots.append(node(left, right))
            at >>= 1  # noqa: PLW2901
    h = roots.pop()
    for left in reversed(roots):
        h = node(left, h)
    return h


# ---------------------------------------------------------------------------------------- the pieces


def read_leaf(raw):
    need(
        len(raw) <= 16_384 and all(0x20 <= byte < 0x7F for byte in raw) and b"\\" not in raw,
        "not a leaf's bytes",
    )
    leaf = read_json(raw)
    read = fields(
        leaf,
        answers=mapped(REF, lambda v: is_text(v) and re.fullmatch(HASH, v), 64, {}),
        content=text(HASH),
        docket=text(f"(?:{REF})?", default=""),
        kind=text(r"[a-z]{1,30}\.[a-z_]{1,40}/[1-9][0-9]{0,2}"),
        mandate=text(f"(?:{REF}#[a-z0-9][a-z0-9.-]{{0,59}})?", default=""),
        office=text(OFFICE),
        seen=mapped(PARTY, lambda v: type(v) is int and 0 <= v < 2**40, 64),
        signature=(
            lambda v: fields(v, key=text("[A-Za-z0-9_-]{22}"), sig=text("[A-Za-z0-9_-]{86,3300}")),
            False,
        ),
        time=text("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"),
        v=whole(1, 1),
    )
    need(int(read["time"][17:19]) < 60 and on_calendar(read["time"], "%Y-%m-%dT%H:%M:%SZ"), "no such time")
    return read | {"unsigned": canonical({k: v for k, v in leaf.items() if k != "signature"})}


def read_checkpoint(string):
    need(
        len(string.encode()) <= 256 * 1024 and "\n\n" in string and string.endswith("\n"), "not a checkpoint"
    )
    body, _, tail = string.rpartition("\n\n")
    lines = body.split("\n")
    need(len(lines) >= 3, "too few lines")
    origin = re.fullmatch(f"comity/([A-Za-z0-9_-]{{43}})/({PARTY})", lines[0], re.ASCII)
    need(origin and re.fullmatch(NUMBER, lines[1], re.ASCII), "no origin or no size")
    seen = {}
    for line in lines[3:]:
        found = re.fullmatch(f"seen ({PARTY}) ({NUMBER}) ([A-Za-z0-9+/]{{43}}=)", line, re.ASCII)
        need(
            found and found[1] not in seen and found[1] != origin[2] and len(unb64(found[3])) == 32,
            "not a receipt",
        )
        seen[found[1]] = int(found[2])
    root = unb64(lines[2])
    need(len(root) == 32 and list(seen) == sorted(seen), "no root, or receipts out of order")
    signatures = []
    for line in tail[:-1].split("\n"):
        found = re.fullmatch("— ([^ +]+) ([A-Za-z0-9+/=]+)", line)
        need(found and found[1].isprintable(), "not a signature line")
        signatures.append((found[1], unb64(found[2])))
        need(5 <= len(signatures[-1][1]) <= 8192, "a signature too short or too long")
    need(len(signatures) <= 64, "too many signature lines")
    return {"origin": lines[0], "mechanism": origin[1], "party": origin[2], "size": int(lines[1]), "root": root,
            "seen": seen, "body": (body + "\n").encode(), "lines": signatures}  # fmt: skip


def key_hashes(name, keys, cosigning):
    found = {}
    for key in keys:
        kind, raw = typed(key)
        found[sha(name.encode(), b"\n", KEYS[kind][3 if cosigning else 2], raw)[:4]] = key
    return found


def require_author(head, keys):
    known, good = key_hashes(head["origin"], keys, cosigning=False), set()
    for name, blob in head["lines"]:
        key = known.get(blob[:4]) if name == head["origin"] else None
        if key:
            need(verifies(key, head["body"], blob[4:]), "the author's signature does not verify", BrokenError)
            good.add(typed(key)[0])
    need(good and good == {typed(key)[0] for key in keys}, "the author's signature is missing", BrokenError)


def countersigned(head, party, keys):
    name = f"comity/{head['mechanism']}/{party}"
    known, times = key_hashes(name, keys, cosigning=True), []
    for line_name, blob in head["lines"]:
        key = known.get(blob[:4]) if line_name == name else None
        if not key or len(blob) < 13:
            continue
        when = int.from_bytes(blob[4:12], "big")
        message = b"cosignature/v1\ntime %d\n" % when + head["body"]
        if typed(key)[0] == "ml-dsa-44":
            n, o = name.encode(), head["origin"].encode()
            message = b"".join((b"subtree/v1\n\0", bytes([len(n)]), n, blob[4:12], bytes([len(o)]), o,
                                bytes(8), head["size"].to_bytes(8, "big"), head["root"]))  # fmt: skip
        if verifies(key, message, blob[12:]):
            times.append(when)
    return min(times, default=None)


def check_names(names):
    need(isinstance(names, dict) and names, "no names")
    for tag, name in names.items():
        need(tag.isascii() and 2 <= len(tag) <= 12 and is_text(name) and 0 < len(name) <= 200, "not a name")


def read_card(value):
    card = fields(value, address=text(most=400, default=""), names=anything(dict), node=listed(4, 1), party=text(PARTY),
                  root=listed(4, 1), sealing=text(most=2000), tls=text(most=43, default=""), v=whole(1, 1))  # fmt: skip
    check_names(card["names"])
    kinds = [[typed(key)[0] for key in card[use]] for use in ("root", "node")]
    need(kinds[0][0] == kinds[1][0] == "ed25519", "the first keys must be Ed25519")
    need(card["sealing"].startswith("ml-kem-768-x25519:"), "not a sealing key")
    unb64url(card["sealing"].partition(":")[2], 1216)
    need(not card["tls"] or unb64url(card["tls"], 32), "not a certificate's hash")
    return card


def read_charter(value):
    charter = fields(value, chapters=listed(40), names=anything(dict), parties=anything(list), v=whole(1, 1))
    need(charter["chapters"] == sorted(set(charter["chapters"])), "chapters must be sorted")
    need(all(re.fullmatch("[a-z]{1,30}", name) for name in charter["chapters"]), "not a chapter")
    check_names(charter["names"])
    cards = [read_card(card) for card in charter["parties"]]
    codes = [card["party"] for card in cards]
    need(2 <= len(codes) <= 64 and codes == sorted(set(codes)), "parties must be sorted")
    keys = [key for card in cards for key in (*card["root"], *card["node"], card["sealing"])]
    need(len(keys) == len(set(keys)), "a key occurs twice")
    return charter | {"cards": dict(zip(codes, cards, strict=True))}


# ----------------------------------------------------------------------------------------- the proof

KEY = text(most=2000)
BODIES = {
    "charter.accepted/1": {"charter": anything(dict)},
    "charter.key_added/1": {"key": KEY, "use": text()},
    "charter.key_revoked/1": {"key": KEY, "reason": text(most=400, default="")},
    "charter.office_filled/1": {"office": text(OFFICE), "titles": mapped(".*", is_text), "holder": text(most=200, default=""),
                                "key": text(most=2000, default=""), "ex_officio": text(default="")},
    "charter.office_vacated/1": {"office": text(OFFICE)},
    "charter.powers_issued/1": {"office": text(OFFICE), "key": KEY, "instrument": text(REF),
                                "until": (lambda v: need(is_text(v) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", v, re.ASCII)
                                                         and on_calendar(v, "%Y-%m-%d"), "not a day"), False)},
    "charter.powers_revoked/1": {"reason": text(most=400, default="")},
    "charter.certificate_named/1": {"office": text(OFFICE), "certificate": text(most=10_923)},
    "charter.chapter_activated/1": {"chapter": text("[a-z]{1,30}")},
    "charter.address_changed/1": {"address": text(most=400), "tls": text(most=43, default="")},
}  # fmt: skip


CAPACITIES = {"", "head_of_state", "head_of_government", "foreign_minister"}
POWERS = {"charter.powers_issued/1", "charter.powers_revoked/1"}


def is_typed(key, use="node"):
    """Whether it is a typed key of a type that this use allows."""
    try:
        if use == "sealing":
            return key.startswith("ml-kem-768-x25519:") and bool(unb64url(key.partition(":")[2], 1216))
        return bool(typed(key))
    except MalformedError:
        return False


def is_der(certificate):
    """Whether it is base64url of one DER sequence of 128 bytes or more."""
    try:
        der = unb64url(certificate)
    except MalformedError:
        return False
    more = {0x81: 1, 0x82: 2}.get(der[1], 0) if der[:1] == b"0" and len(der) > 1 else 0
    size = int.from_bytes(der[2 : 2 + more], "big")
    return more > 0 and size >= (128, 256)[more - 1] and len(der) == 2 + more + size


class Standing:
    """What a party's charter acts come to, and which ones it may say next.

    keys: (key, use, added, revoked). offices: name -> (key, capacity), in order. powers: references.
    """

    def __init__(self, card, chapters):
        self.keys = [(key, "node", 0, None) for key in card["node"]] + [(card["sealing"], "sealing", 0, None)]
        self.offices = {"root": (card["root"][0], "")}
        self.powers, self.chapters, self.certificates = set(), set(chapters), {}

    def allows(self, leaf, body, signer):
        """Whether the rules of the charter allow the act; `signer` is the office that signed it, or nothing."""
        kind, answers = leaf["kind"], list(leaf["answers"])
        if not signer or leaf["office"] not in self.offices:
            return False
        if signer != "root" and not (kind in POWERS and self.offices[signer][1]):
            return False
        if len(answers) != (kind == "charter.powers_revoked/1"):
            return False
        match kind.removeprefix("charter.").removesuffix("/1"):
            case "key_added":
                known = {key for key, *_ in self.keys}
                return body["use"] in {"node", "sealing"} and is_typed(**body) and body["key"] not in known
            case "key_revoked":
                return self.may_revoke(body["key"])
            case "office_filled":
                free = body["office"] != "root" and body["ex_officio"] in CAPACITIES
                return free and (not body["key"] or is_typed(body["key"]))
            case "office_vacated":
                return body["office"] != "root" and body["office"] in self.offices
            case "powers_issued":
                return is_typed(body["key"])
            case "powers_revoked":
                return answers[0] in self.powers
            case "certificate_named":
                return self.may_name(**body)
            case "chapter_activated":
                return body["chapter"] not in self.chapters
        return kind == "charter.address_changed/1"

    def may_revoke(self, named):
        now = [(key, use, key.partition(":")[0]) for key, use, _, revoked in self.keys if revoked is None]
        found = [sort for key, *sort in now if key == named]
        return bool(found) and any(key != named and sort == found[0] for key, *sort in now)

    def may_name(self, office, certificate):
        taken = any(said == certificate and of != office for of, said in self.certificates.items())
        return office != "root" and office in self.offices and is_der(certificate) and not taken

    def apply(self, kind, body, code, n):
        match kind.removeprefix("charter.").removesuffix("/1"):
            case "key_added":
                self.keys.append((body["key"], body["use"], n, None))
            case "key_revoked":
                self.keys = [(k, u, a, n if k == body["key"] else r) for k, u, a, r in self.keys]
            case "office_filled":
                self.offices.pop(body["office"], None)
                self.offices[body["office"]] = (body["key"], body["ex_officio"])
                self.certificates.pop(body["office"], None)
            case "office_vacated":
                del self.offices[body["office"]]
                self.certificates.pop(body["office"], None)
            case "certificate_named":
                self.certificates[body["office"]] = body["certificate"]
            case "powers_issued":
                self.powers.add(f"{code}/{n}")
            case "chapter_activated":
                self.chapters.add(body["chapter"])

    def valid_at(self, size):
        return [
            k for k, u, a, r in self.keys if u == "node" and (a < size or a == 0) and (r is None or size <= r)
        ]

    def valid_now(self):
        return [k for k, u, _, r in self.keys if u == "node" and r is None]


PROVED = {"ref": text(REF), "leaf": text(), "path": listed(66), "content": text(default="")}


class Verifier:
    def __init__(self, proof):
        self.charter = read_charter(proof["charter"])
        self.mechanism = b64url(sha(b"comity charter\n", canonical(proof["charter"])))
        chapters = self.charter["chapters"]
        self.now = {code: Standing(card, chapters) for code, card in self.charter["cards"].items()}
        self.offices = {code: [(0, dict(standing.offices))] for code, standing in self.now.items()}
        for code, chain in proof["chains"].items():
            self.follow(code, fields(chain, head=text(), acts=anything(list)))

    def follow(self, code, chain):
        need(code in self.now, "not a party")
        head, last, standing = read_checkpoint(chain["head"]), 0, self.now[code]
        need(head["party"] == code, "a chain with another party's head")
        for proved in chain["acts"]:
            n, leaf, content = self.in_log(proved, head, code)
            need(n > last and leaf["docket"] == f"{code}/0", "not the next charter act")
            last = n
            if leaf["kind"] not in BODIES:
                continue
            need(content is not None, "the content of a charter act is missing")
            body = fields(content, **BODIES[leaf["kind"]])
            signer = self.person(leaf, code, n)
            need(standing.allows(leaf, body, signer), "the charter's rules forbid an act", BrokenError)
            standing.apply(leaf["kind"], body, code, n)
            self.offices[code].append((n, dict(standing.offices)))
        self.author(head)

    def author(self, head):
        need(head["mechanism"] == self.mechanism, "a head of another mechanism")
        need(head["party"] in self.now, "not a party")
        require_author(head, self.now[head["party"]].valid_at(head["size"]))

    def in_log(self, value, head, code=""):
        proved = fields(value, **PROVED)
        raw = proved["leaf"].encode()
        party, _, n = proved["ref"].partition("/")
        leaf, path, n = read_leaf(raw), [unb64url(step, 32) for step in proved["path"]], int(n)
        need(party == head["party"] == (code or party), "its head is of another log", BrokenError)
        need(
            root_from_inclusion(n, head["size"], sha(b"\0", raw), path) == head["root"],
            "not in its log",
            BrokenError,
        )
        if not proved["content"]:
            return n, leaf, None
        content = unb64url(proved["content"])
        need(b64url(sha(b"comity content\n", content)) == leaf["content"], "another content", BrokenError)
        need(len(content) >= 34, "too short a content")
        return n, leaf, read_json(content[32:])

    def person(self, leaf, code, n):
        signature = leaf["signature"]
        offices = next(o for at, o in reversed(self.offices[code]) if at < n or at == 0)
        for office, (key, _) in offices.items():
            if signature and key and b64url(sha(b"comity key\n", key.encode())[:16]) == signature["key"]:
                message = f"comity act\n{self.mechanism}\n{code}/{n}\n".encode() + leaf["unsigned"]
                try:
                    if verifies(key, message, unb64url(signature["sig"])):
                        return office
                except MalformedError:
                    continue
        return ""

    def identity(self):
        prints = {}
        for card, code in zip(self.charter["parties"], self.now, strict=True):
            digits = str(int.from_bytes(sha(b"comity fingerprint\n", canonical(card)), "big") % 10**30).zfill(
                30
            )
            prints[code] = " ".join(digits[i : i + 5] for i in range(0, 30, 5))
        return {"mechanism": self.mechanism, "names": self.charter["names"], "fingerprints": prints}

    def countersignatures(self, head):
        times = {p: countersigned(head, p, s.valid_now()) for p, s in self.now.items() if p != head["party"]}
        return {p: t for p, t in times.items() if t is not None}

    def verdict(self, head, **more):
        counted = self.countersignatures(head)
        return (
            self.identity() | {"party": head["party"], "size": head["size"], "countersigned": counted} | more
        )

    def every_line_verifies(self, head):
        """The author's by the keys valid at its size, the others' as countersignatures."""
        own = key_hashes(head["origin"], self.now[head["party"]].valid_at(head["size"]), cosigning=False)
        for line in head["lines"]:
            key = own.get(line[1][:4]) if line[0] == head["origin"] else None
            if key:
                need(verifies(key, head["body"], line[1][4:]), "a line does not verify", BrokenError)
            else:
                need(self.countersignatures(head | {"lines": [line]}), "a line does not verify", BrokenError)

    def docket(self, proof):
        fields(proof["heads"], **{party: text() for party in proof["heads"]})
        heads = {party: read_checkpoint(head) for party, head in proof["heads"].items()}
        for party, head in heads.items():
            need(head["party"] == party, "a head of another party")
            self.author(head)
        for head in (
            *heads.values(),
            *(read_checkpoint(chain["head"]) for chain in proof["chains"].values()),
        ):
            self.every_line_verifies(head)
        acts, hashes, answers = [], {}, []
        for value in proof["acts"]:
            place = fields(value, **PROVED)["ref"]
            party = place.partition("/")[0]
            need(party in heads, "an act without a head")
            n, leaf, content = self.in_log(value, heads[party], party)
            need((leaf["docket"] or place) == proof["docket"], "an act of another docket")
            person = self.person(leaf, party, n)
            need(person or not leaf["signature"], "the person's signature does not verify", BrokenError)
            acts.append(((party, n), {"ref": place, "kind": leaf["kind"], "office": leaf["office"], "time": leaf["time"],
                                      "content": content, "person": person}))  # fmt: skip
            hashes[place] = b64url(sha(b"\0", value["leaf"].encode()))
            answers += leaf["answers"].items()
        places = [place for place, _ in acts]
        need(places == sorted(set(places)), "acts out of order")
        need({party for party, _ in places} == set(heads), "a head of a log without acts")
        need(
            all(hashes.get(place, said) == said for place, said in answers),
            "answers another act",
            BrokenError,
        )
        told = {p: {"size": h["size"], "countersigned": self.countersignatures(h)} for p, h in heads.items()}
        return self.identity() | {"docket": proof["docket"], "acts": [act for _, act in acts], "heads": told}

    def act(self, proof):
        head = read_checkpoint(proof["head"])
        self.author(head)
        n, leaf, content = self.in_log(proof["act"], head)
        person = self.person(leaf, head["party"], n)
        need(person or not leaf["signature"], "the person's signature does not verify", BrokenError)
        ref = f"{head['party']}/{n}"
        return self.verdict(head, ref=ref, kind=leaf["kind"], office=leaf["office"], time=leaf["time"],
                            docket=leaf["docket"] or ref, content=content, person=person)  # fmt: skip

    def fault(self, proof):
        evidence = fields(proof["evidence"], kind=text(), heads=listed(2, 1), path=listed(66), size=whole(0, 2**40 - 1, 0),
                          edge=listed(66, default=[]), leaves=listed(10**9, default=[]))  # fmt: skip
        heads = [read_checkpoint(head) for head in evidence["heads"]]
        for head in heads:
            self.author(head)
        path = [unb64url(step, 32) for step in evidence["path"]]
        need((evidence["kind"], len(heads)) in {("heads", 2), ("leaves", 1)}, "unknown evidence")
        fault = (
            two_heads(*heads, path) if evidence["kind"] == "heads" else two_leaves(evidence, heads[0], path)
        )
        return self.verdict(heads[-1], fault=fault)


def two_heads(old, new, path):
    need(old["origin"] == new["origin"], "heads of different logs", BrokenError)
    earlier, later = prefix(old["size"], new["size"], path)
    need(later == new["root"], "the path does not lead to the newer head", BrokenError)
    if earlier != old["root"]:
        return "two histories"
    shrunk = any(new["seen"].get(p, 0) < n for p, n in old["seen"].items())
    grown = any(old["seen"].get(p, 0) < n for p, n in new["seen"].items())
    need(shrunk and (grown or new["size"] > old["size"]), "no fault is shown", BrokenError)
    return "a receipt taken back"


def two_leaves(evidence, head, path):
    raws, size = [leaf.encode() for leaf in evidence["leaves"]], evidence["size"]
    edge = [unb64url(root, 32) for root in evidence["edge"]]
    need(len(edge) == size.bit_count() and len(raws) >= 2, "an edge of another size, or no two leaves")
    root, end = root_after(edge, size, raws), size + len(raws)
    reached = (root, root) if end == head["size"] else prefix(end, head["size"], path)
    need(reached == (root, head["root"]), "not in the log of its head", BrokenError)
    for place in range(1, len(raws)):
        before, after = read_leaf(raws[place - 1])["seen"], read_leaf(raws[place])["seen"]
        if head["party"] in after or any(after.get(p, 0) < n for p, n in before.items()):
            return f"{head['party']}/{size + place} takes back what had been seen"
    raise BrokenError("no fault is shown")


def verify(raw):
    """The verdict on a proof file as a dict. Raises `MalformedError` or `BrokenError`, and nothing else."""
    need(len(raw) <= 128 * 1024 * 1024, "too large")
    proof = read_json(raw.rstrip(b"\n"))
    need(isinstance(proof, dict), "not an object")
    common = {"chains": anything(dict), "charter": anything(dict), "kind": text(), "v": whole(1, 1)}
    if proof.get("kind") == "act":
        fields(proof, **common, act=anything(dict), head=text())
        return Verifier(proof).act(proof)
    if proof.get("kind") == "docket":
        fields(proof, **common, acts=anything(list), docket=text(REF), heads=anything(dict))
        need(1 <= len(proof["acts"]) <= 10_000, "too few or too many acts")
        return Verifier(proof).docket(proof)
    need(proof.get("kind") == "fault", "neither an act, nor a docket, nor a fault proof")
    fields(proof, **common, evidence=anything(dict))
    return Verifier(proof).fault(proof)


def disclosure(raw, beside=None):
    """The verdict on a disclosure; `beside` is the file where that came by itself. Raises as `verify` does."""
    parts = raw.split(b"\n", 3)
    need(len(parts) == 4 and parts[0] == b"comity disclosure v1", "not the three lines of a disclosure")
    need(len(parts[1]) <= 4095, "the second line is too long")
    label = read_json(parts[1])
    fields(label, name=text(r"[^\x00-\x1f\x7f/\\]{1,200}"), salt=text("[A-Za-z0-9_-]{43}"))
    salt, verdict = unb64url(label["salt"], 32), verify(parts[2])
    said = verdict.get("content")
    need(verdict.get("kind") == "commitment.evidence_recorded/1" and isinstance(said, dict), "of another act")
    forms = {"digest": text("[0-9a-f]{64}"), "size": whole(1, 2**40 - 1), "title": anything(dict)}
    fields(said, **forms, media_type=text(), shows=text(default=""))
    need(bool(parts[3]) != (beside is not None), "no file, or two")
    file = parts[3] or beside
    held = len(file) == said["size"] and sha(salt, file).hex() == said["digest"]
    need(held, "not the file that was recorded", BrokenError)
    return verdict


if __name__ == "__main__":
    from pathlib import Path

    try:
        print(json.dumps(verify(Path(sys.argv[1]).read_bytes()), ensure_ascii=False, indent=2))
    except (MalformedError, BrokenError) as failure:
        sys.exit(f"{type(failure).__name__.removesuffix('Error')}: {failure}")
