"""What happens to every page once the theme has made it: search switched, faults mended, inline scripts noted."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import mends, policy, search_switch, skip


@dataclass(slots=True)
class Finish:
    """`worker` is our search worker's path from the site's root, "" where the site has no dialog for it.

    `skip` are the skip link's words.
    """

    worker: str = ""
    skip: str = ""
    rules: tuple[mends.Mend, ...] = ()
    hashes: policy.Hashes = field(default_factory=policy.Hashes)
    warnings: set[str] = field(default_factory=set)

    def __call__(self, html: str, content: str = "") -> str:
        """The finished page; `content` is what in it comes from Markdown."""
        self.hashes.collect(html, content)
        html, missed = mends.mended(html, self.rules)
        html = skip.with_link(html, self.skip) if self.skip else html
        self.warnings.update(mends.CHANGED.format(why) for why in missed)
        return self._switched(html) if self.worker else html

    def all_warnings(self) -> list[str]:
        """What has to be said once all pages are finished."""
        return [*sorted(self.warnings), *filter(None, [policy.too_many(self.hashes)])]

    def _switched(self, html: str) -> str:
        switched = search_switch.switched(html, self.worker)
        if switched is None:
            self.warnings.add(search_switch.CHANGED)
        return switched or html
