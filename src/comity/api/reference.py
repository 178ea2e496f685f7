"""The reference of all paths, made from the OpenAPI document: `python -m comity.api.reference > docs/reference/api.md`.

A test holds the page against this, so that a path, a parameter or a kind of act that is not in it cannot be.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from comity.api.openapi import document
from comity.chapters import all_chapters
from comity.core.charter import CHAPTER as CHARTER
from comity.desk.statuses import BY_CODE
from comity.words import Words

__all__ = ["page"]

_INTRODUCTION = """\
# The API

This page is made from the program itself: `python -m comity.api.reference > docs/reference/api.md`. The node serves the
same as an OpenAPI 3.1 document, in three languages, at `/api/v1/openapi.json`. How to use it is shown in
[Use the API](../howto/use-the-api.md).

    GET /api/v1/acts/TUR/4
    Authorization: Bearer comity_...

- **Who asks.** A token speaks for one office of one mechanism and reads that mechanism, for as long as the person who
  made it holds that office. No cookie is read. A request that a browser sends from a page of another site is refused
  (403), and no header lets such a page read an answer.
- **Saying once.** With an `Idempotency-Key` (1 to 200 characters, the token's own), the same request gets the same act
  however often it is sent, for 30 days; another request under the same key is 422.
- **What has changed.** Every answer about the record has an `ETag`; `If-None-Match` gets 304 while nothing was said,
  nothing has arrived, and the day is the same.
- **Pages.** Lists have `limit`, and a `Link` with `rel="next"` where there is more.
- **Officers' keys.** A kind that a person signs needs the key of the office on the node. Where it is under the
  officer's passphrase, that is sent as `Comity-Passphrase` (UTF-8), over TLS only; otherwise it is said on the page or
  the command line. Papers are signed with a second key, which `Comity-Document-Passphrase` opens.
- **Limits.** 20 MiB and 64 levels for a body of JSON, 288 MiB for a file, 30 seconds (and one more for each 8 KiB) for
  it to come, 100 listeners to events.

## Problems

Everything but 2xx and 304 is `application/problem+json` (RFC 9457): `type` is a name
(`urn:comity:problem:refused:CODE`), `detail` says what happened and what to do, in the language of `Accept-Language`;
`code`, `provision` and `facts` are those of [the refusal](errors-and-refusals.md); `errors` points into the request.

| status | error |
|---|---|
| 400 | the body is no JSON |
| 422 | `Malformed`: a value is not as it must be |
| 409 | `Refused`: a rule forbids it |
| 404 | `Refused`, when something is read that is not here (a code that ends in `_unknown`) |
| 409 | `Broken`: a party's own words contradict each other; asking again mends nothing, a person has to look |
| 503 | `Unavailable`: nothing was changed |
"""
_SAYING = """\

## Saying

One path for each kind of act. The body has `fields` (the content), and, where the kind has them: `docket`, `answers`,
`mandate`, `sign_with`, `period`, `files` (`[{"name": ..., "data": base64}]`), `file`, `new_key`, `clock_checked`. What
is left out is completed where only one thing can be meant. `?dry_run=true` tells whether the rules would allow it. The
answer is 201 with `Location` and the act.

| path | says | takes beside `fields` |
|---|---|---|
"""
_DOING = """
## Files, evidence, papers

A large file goes in by itself, and a later request names it by the SHA-256 of its bytes: as `file` of
`record-evidence`, as `over` of a signature, or in the path of `verification`. It waits for an hour, for the token that
sent it, up to four of a token; 288 MiB at most. What was cut or changed on its way is refused, what was sent twice is
one file, and a file that an act has used is gone. Nothing of it is left on the disk when the node stops. Whoever sends
a request again under its Idempotency-Key need not send the file again: the answer is the act that was said.
"""


def page() -> str:
    """The whole page, in Markdown."""
    told = document((CHARTER, *all_chapters().values()), Words("en"))
    rows = [f"| {status} | `{code}` |" for code, status in BY_CODE.items()]
    parts = [
        _INTRODUCTION,
        "\n".join(rows),
        "\n\n## Reading\n",
        *_reads(told),
        _SAYING,
        *_says(told),
        _DOING,
        *_does(told),
    ]
    return "".join(parts).rstrip() + "\n"


def _operations(told: Mapping[str, Any], method: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, methods in told["paths"].items():
        if method in methods:
            yield path, methods[method]


def _reads(told: Mapping[str, Any]) -> Iterator[str]:
    for path, one in _operations(told, "get"):
        media = ", ".join(f"`{name}`" for name in one["responses"]["200"]["content"])
        yield f"\n### GET {path}\n\n{one['summary']}. Answers {media}.\n"
        params = [param for param in one.get("parameters", ()) if param["in"] != "header"]
        if params:
            yield "\n| takes | | |\n|---|---|---|\n"
        for param in params:
            needed = "needed" if param["required"] else _default(param["schema"])
            yield f"| `{param['name']}` | {param['description']} | {needed} |\n"


def _default(schema: Mapping[str, Any]) -> str:
    return f"{schema['default']} where it is left out" if "default" in schema else ""


def _says(told: Mapping[str, Any]) -> Iterator[str]:
    for path, one in _operations(told, "post"):
        if "/acts/" in path:
            yield f"| `{path}` | {one['summary']} | {_body(one, but='fields')} |\n"


def _does(told: Mapping[str, Any]) -> Iterator[str]:
    for method in ("put", "post"):
        for path, one in _operations(told, method):
            if "/acts/" in path:
                continue
            yield (
                f"\n### {method.upper()} {path}\n\n{one['summary']}. {one.get('description', '')}".rstrip()
                + "\n"
            )
            media, body = next(iter(one["requestBody"]["content"].items()))
            takes = f"JSON: {_named(told, body['schema'])}" if media == "application/json" else f"`{media}`"
            answers = ", ".join(
                f"{status} `{name}`"
                for status, reply in one["responses"].items()
                if status < "300"
                for name in reply["content"]
            )
            yield f"\nTakes {takes}. Answers {answers}.\n"


def _named(told: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    found = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return ", ".join(f"`{name}`" for name in found["properties"])


def _body(one: Mapping[str, Any], but: str) -> str:
    body = one["requestBody"]["content"]["application/json"]["schema"]
    return ", ".join(f"`{name}`" for name in body["properties"] if name != but)


if __name__ == "__main__":
    sys.stdout.write(page())
