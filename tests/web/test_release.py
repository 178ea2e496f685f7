"""The pages of one release: its texts, its acts where the record was released whole, and a proof that verifies.

Seen to fail with a proof of what is not released.
"""

from __future__ import annotations

import gzip
import re

from tests.desk.releases import PERSON, SECRET
from tests.web.site import full

from comity.core.act import Ref
from comity.core.proof import DocketVerdict, verify_proof
from comity.words import Words


def test_an_agreed_text_is_shown_in_its_languages_side_by_side() -> None:
    site, found = full()
    page = site.get(site.at(found["instrument"], "ar")).text
    assert page.index('lang="ar" dir="rtl"><span') < page.index('lang="en" dir="ltr"><span')
    for words in ("المادة 2", "Article 2", "Madde 2", "sixty days"):
        assert words in page
    assert "thirty days" not in page
    assert SECRET not in page


def test_a_whole_record_has_a_page_for_each_act_without_names_of_people() -> None:
    site, found = full()
    page = site.get(site.at(found["meeting"])).text
    acts = re.findall(rf'href="({site.at(found["meeting"])}/acts/[A-Z]+/\d+)"', page)
    told = [site.get(path) for path in dict.fromkeys(acts)]
    assert {answer.status_code for answer in told} == {200}
    whole = "".join(answer.text for answer in told)
    assert PERSON not in page + whole
    assert SECRET in whole, "what one side put is part of the record"
    assert str(Words("en").say("public.act.withheld", "public")) in whole
    assert "A centre is set up." in whole


def test_an_outcome_has_no_pages_of_acts() -> None:
    site, found = full()
    path = site.at(found["commitment"])
    assert "/acts/" not in site.get(path).text
    assert site.get(f"{path}/acts/TUR/1").status_code == 404


def test_by_its_matter_the_newest_release_is_found() -> None:
    site, found = full()
    answer = site.get(site.at(Ref("TUR", 1)))
    assert (answer.status_code, answer.headers["location"]) == (303, site.at(found["recorded"]))


def test_the_proof_is_a_file_that_verifies() -> None:
    site, found = full()
    for ref in found.values():
        answer = site.get(f"{site.at(ref)}/proof")
        assert "attachment" in answer.headers["content-disposition"]
        verdict = verify_proof(answer.content)
        assert isinstance(verdict, DocketVerdict)
        assert verdict.mechanism == site.record.mechanism


def test_a_page_of_a_long_text_stays_small() -> None:
    """The issue asks for at most 100 kB on first load."""
    site, found = full()
    for ref in found.values():
        assert len(gzip.compress(site.get(site.at(ref)).content)) < 20_000
