"""Characters that nobody sees, or takes for others, in the parts of a definition that bind: the build refuses them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb_server.pages.hazards import hazards_of
from kb_server.proofreading.models import Finding, Rule
from kb_server.proofreading.page import Page
from kb_server.proofreading.wiki import Wiki

_BINDING = ("definition", "criteria")


def _disguised(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    if not wiki.configuration.ours:
        return
    for page in pages:
        if page.kind != "definition" or page.text.isascii():
            continue
        for section in page.sections.sections:
            if section.anchor in _BINDING:
                at = max(page.text.find(section.body), 0)
                for hazard in hazards_of(section.body):
                    yield page.found("disguise", "error", at, hazard, "Write it in plain characters.")


RULES = (Rule("disguise", "error", "characters that cannot be seen, or look like others, in what a definition binds"),)
LOOKS = (_disguised,)
