"""Evidence is found under its own commitment, and disclosed by its author alone."""

from __future__ import annotations

from tests.web.stage import Stage, read

DISPUTED = "/commitments/TUR/27"


def test_withheld_evidence_is_disclosed_by_its_author_alone_and_saved_by_nobody(stage: Stage) -> None:
    path = f"{DISPUTED}/evidence/TUR/39"
    ours = stage.client("TUR", "ayla", "en")
    assert f"{path}/disclosure" in read(ours, stage.root("TUR") + DISPUTED)
    given = ours.get(f"{stage.root('TUR')}{path}/disclosure")
    assert given.status_code == 200
    assert given.content.startswith(b"comity disclosure v1\n")
    assert "attachment" in given.headers["content-disposition"]
    theirs = stage.client("IRQ", "layla", "en")
    assert f"{path}/disclosure" not in read(theirs, stage.root("IRQ") + DISPUTED)
    assert theirs.get(f"{stage.root('IRQ')}{path}/disclosure").status_code == 409
    assert theirs.get(stage.root("IRQ") + path).status_code == 409


def test_evidence_is_found_under_its_own_commitment_only(stage: Stage) -> None:
    client, root = stage.client("TUR", "ayla", "en"), stage.root("TUR")
    for path in ("TUR/30/evidence/TUR/39/disclosure", "TUR/27/evidence/TUR/34", "TUR/27/evidence/x/y"):
        assert client.get(f"{root}/commitments/{path}").status_code == 404
