"""Laws 2 and 3 (with 1 and 10) as a machine that does anything at all to two to five nodes, and looks after each step.

What must hold after every step, whatever was cut, delayed, lost, doubled, crashed or restored:

- what a node has shown as settled it shows as settled for ever;
- no two nodes have ever shown contradicting things as settled;
- whoever has read the same acts shows the same;
- no receipt covers what is not on its author's disk (`World._watch`);
- no act that was acknowledged is lost; no log is anything but what its author wrote; nobody honest is frozen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.worlds.faulty import Crash, copy_of
from tests.worlds.world import CODES, Fact, World

from comity.core.act import Ref
from comity.core.entry import parse_leaf
from comity.core.errors import Refused
from comity.core.fold import DESTROYED, ContentDestroyed
from comity.storage.memory import MemoryStore

CHOICE = st.integers(0, 59)  # taken modulo what there is to choose from
HOW = st.sampled_from(["turn", "turn", "turn", "agree", "withdraw", "note", "hold", "put"])
STEPS = st.one_of(st.just(200), st.integers(0, 20))
FAULTS_THAT_MAY_BE = ("nothing_newer", "page_gap", "head_smaller", "seen_unsaid", "silent_after_restore")


class Machine(RuleBasedStateMachine):
    """`restores` may be turned off: a machine that forgets is a much rarer thing than one that stops."""

    restores = True
    most = 5
    quick = True

    # ------------------------------------------------------------------------------- the start

    @initialize(parties=st.integers(2, 5), page=st.sampled_from([300, 700, 1 << 20]))
    def begin(self, parties: int, page: int) -> None:
        parties = min(parties, self.most)
        self.world = World.founded(CODES[:parties], page)
        self.marks: dict[str, Any] = {}
        self.puts = 0
        self.shown: dict[str, set[Fact]] = {party: set() for party in self.world.parties}
        self.facts: set[tuple[Ref, Fact]] = set()
        self.pictures: dict[Any, dict[Ref, bytes]] = {}
        self.world.put(self.party(0))
        self.world.meet()
        self.backups: dict[str, MemoryStore] = {p: copy_of(s.inner) for p, s in self.world.stores.items()}

    def party(self, choice: int) -> str:
        return self.world.parties[choice % len(self.world.parties)]

    def pair(self, choice: int) -> tuple[str, str]:
        n = len(self.world.parties)
        first, step = choice % n, 1 + (choice // n) % (n - 1)
        return self.party(first), self.party(first + step)

    @contextmanager
    def machines_may_die(self) -> Iterator[None]:
        """A refusal is an answer; whoever has died is started again."""
        with suppress(Crash, Refused):
            yield
        for party, store in self.world.stores.items():
            if store.dead:
                self.world.reopen(party)

    # Hypothesis takes each rule as often as any other: what matters most stands here twice, what troubles is one rule.

    @rule(who=CHOICE, what=CHOICE, how=HOW)
    def speak(self, who: int, what: int, how: str) -> None:
        party = self.party(who)
        dockets = self.world.dockets(party)
        if how == "put" or not dockets:
            if self.puts < 3:  # few pacts, so that much is said about each
                self.puts += 1
                with self.machines_may_die():
                    self.world.put(party)
            return
        docket = dockets[what % len(dockets)]
        if how == "turn":
            stands = self.world.nodes[party].folds.view(docket).stands(str(docket), party)
            how = "withdraw" if stands else "agree"
        with self.machines_may_die():
            getattr(self.world, how)(party, docket)

    @rule(who=CHOICE, what=CHOICE, how=HOW)
    def speak_too(self, who: int, what: int, how: str) -> None:
        Machine.speak(self, who, what, how)

    @rule(which=CHOICE, steps=STEPS)
    def converse(self, which: int, steps: int) -> None:
        """Begin a conversation and take so many steps of it: most often all, else it stays under way."""
        if len(self.world.talks) >= 6:
            self.world.lose(self.world.talks[0])
        with self.machines_may_die():
            talk = self.world.open_talk(*self.pair(which))
            self.take(talk, steps)

    @rule(which=CHOICE, steps=STEPS)
    def converse_too(self, which: int, steps: int) -> None:
        Machine.converse(self, which, steps)

    @precondition(lambda self: self.world.talks)
    @rule(which=CHOICE, steps=STEPS)
    def go_on(self, which: int, steps: int) -> None:
        with self.machines_may_die():
            self.take(self.world.talks[which % len(self.world.talks)], steps)

    def take(self, talk: Any, steps: int) -> None:
        for _ in range(steps):
            if not talk.over:
                self.world.step(talk)
        # Honest nodes find no fault with each other beyond what a moving world explains.
        error = talk.error
        assert error is None or isinstance(error, Refused), f"{talk.asker} with {talk.asked}: {error}"
        for party, fault in (talk.report.faults if talk.report else {}).items():
            assert fault.startswith(FAULTS_THAT_MAY_BE), (
                f"{talk.asker} and {talk.asked} on the log of {party}: {fault}"
            )

    @rule(
        what=st.sampled_from(
            ["lose", "repeat", "repeat_page", "cut", "crash", "restart", "back_up", "destroy"]
        ),
        which=CHOICE,
        write=st.integers(0, 12),
    )
    def trouble(self, what: str, which: int, write: int) -> None:
        world, party = self.world, self.party(which)
        with self.machines_may_die():
            if what == "lose" and world.talks:
                world.lose(world.talks[which % len(world.talks)])
            elif what == "repeat" and world.sent:
                world.repeat(-1 - which % len(world.sent))
            elif what == "repeat_page" and world.answered:
                world.repeat_page(-1 - which % len(world.answered))
            elif what == "cut":
                world.cut = set() if world.cut else {frozenset(self.pair(which))}
            elif what == "crash":
                world.stores[party].die_at(write)
            elif what == "restart":
                world.reopen(party)
            elif what == "back_up":
                self.backups[party] = copy_of(world.stores[party].inner)
            elif what == "destroy":
                self.destroy(party, which)

    def destroy(self, party: str, what: int) -> None:
        notes = [
            act
            for docket in self.world.dockets(party)
            for act in self.world.nodes[party].folds.view(docket).acts
            if act.kind == "pact.noted/1" and act.party == party and act.body is not None
        ]
        if notes:
            act = notes[what % len(notes)]
            self.world.say(party, DESTROYED, ContentDestroyed("test"), act.docket, [act.ref])

    @precondition(lambda self: self.restores)
    @rule(who=CHOICE)
    def restore(self, who: int) -> None:
        """One node at a time, and only where what it had shown to others is still held by one of them."""
        world, party = self.world, self.party(who)
        others = [other for other in world.parties if other != party]
        if any(node.silent for node in world.nodes.values()):
            return
        held = max(world.stores[other].inner.size(party) for other in others)
        if world.published.get(party, 0) > held:
            return
        world.talks, world.sent, world.answered = [], [], []
        backup = self.backups[party]
        reach = max(held, backup.size(party))
        for ref in [ref for ref in world.acknowledged if ref.party == party and ref.number >= reach]:
            del world.acknowledged[ref]
        self.shown[party] = set()
        world.restore(party, copy_of(backup))

    # ------------------------------------------------------------------------------ what must hold

    @invariant()
    def all_holds(self) -> None:
        """Look at every node that is not what it was at the last look."""
        now = {party: self.mark(party) for party in self.world.parties}
        changed = [party for party, mark in now.items() if self.marks.get(party) != mark]
        self.marks = now
        for party in changed:
            assert not self.world.nodes[party].frozen, f"{party} freezes a log although all are honest"
            self.settled_stays_settled(party)
            self.same_acts_same_picture(party)
        for author in self.world.parties:
            if not self.world.nodes[author].silent and (author in changed or not self.quick):
                self.nothing_acknowledged_is_lost(author)
                self.every_log_is_what_its_author_wrote(author)
        if changed:
            self.none_contradict()

    def mark(self, party: str) -> Any:
        node = self.world.nodes[party]
        heads = [(log.size, log.head and log.head.checkpoint) for log in node.logs.values()]
        return id(node), dict(node.ready), heads, list(node.silent), dict(node.frozen)

    def settled_stays_settled(self, party: str) -> None:
        settled = self.world.settled(party)
        assert self.shown[party] <= settled, f"{party} takes back {self.shown[party] - settled}"
        for fact in settled - self.shown[party]:
            ref = Ref.parse(fact[1])
            leaf = parse_leaf(self.world.leaf(party, ref))
            self.facts.add((Ref.parse(leaf.docket) if leaf.docket else ref, fact))
        self.shown[party] = settled

    def none_contradict(self) -> None:
        bound: dict[Ref, Any] = {}
        for docket, (what, _, halves) in self.facts:
            if what == "pact_agreed":
                assert bound.setdefault(docket, halves) == halves, f"two matches on {docket} are settled"
        for docket, (what, _, halves) in self.facts:
            if what == "pact_withdrawn" and docket in bound:
                party, number = halves[0]
                assert dict(bound[docket])[party] > number, (
                    f"{docket}: {party}/{number} and a match are both settled"
                )

    def same_acts_same_picture(self, party: str) -> None:
        node = self.world.nodes[party]
        read = tuple((p, n, node.logs[p].tree.edge(n).root()) for p, n in sorted(node.ready.items()))
        pictures = self.world.pictures(party)
        assert self.pictures.setdefault(read, pictures) == pictures, (
            f"{party} shows something else for {node.ready}"
        )

    def every_log_is_what_its_author_wrote(self, author: str) -> None:
        own = self.world.leaves(author, author)
        for party in self.world.parties:
            copy = self.world.leaves(party, author)
            assert copy == own[: len(copy)], f"{party} holds another log of {author} than {author} itself"

    def nothing_acknowledged_is_lost(self, author: str) -> None:
        own = self.world.leaves(author, author)
        for ref, leaf in self.world.acknowledged.items():
            if ref.party == author:
                assert ref.number < len(own), f"{ref} was acknowledged and is lost"
                assert own[ref.number] == leaf, f"{ref} was acknowledged and is another act now"

    def teardown(self) -> None:
        """Once all links stand, everybody comes to hold and show the same, and all that was settled anywhere."""
        if not hasattr(self, "shown"):
            return
        world = self.world
        world.cut.clear()
        world.talks = []
        for store in world.stores.values():
            store._left = None
        world.meet()
        first, *others = world.parties
        for party in world.parties:
            node = world.nodes[party]
            assert not node.silent, f"{party} never speaks again"
            assert dict(node.ready) == world.sizes(party) == world.sizes(first)
        for party in world.parties:
            world.note(party, world.put(party))  # and everybody can still speak
        world.meet()
        for party in others:
            assert world.pictures(party) == world.pictures(first)
        for docket, fact in self.facts:
            assert any(fact in world.settled(party) for party in world.parties), (
                f"{fact} on {docket} was settled once"
            )
        self.all_holds()
