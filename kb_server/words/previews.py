"""Words of previews of branches."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "preview.title": "Previews of branches",
    "preview.lead": (
        "What somebody is working on, as it would read. It can be wrong, and nothing of it is published: what holds is "
        "the wiki itself."
    ),
    "preview.none": "No branch of the wiki’s repository changes a page just now.",
    "preview.off": (
        "No branches are followed, so there is nothing to preview. Whoever runs the wiki can start it: kb follow."
    ),
    "preview.built": "Built {at}",
    "preview.waiting": "Waits to be built",
    "preview.behind": "Built {at}; a newer commit waits to be built",
    "preview.broken": "Cannot be built",
    "preview.left": (
        "One more branch changes pages. Those with the newest commits are shown.",
        "{count} more branches change pages. Those with the newest commits are shown.",
    ),
    "preview.trouble": "The branches could not be looked at, so there may be newer ones.",
    "preview.banner": "Preview of {branch}, built {at}, not published.",
    "preview.banner.behind": "A newer commit of it waits to be built.",
    "preview.skip": "Skip to content",
    "preview.banner.name": "Preview",
    "preview.as_published": "See this page as published",
    "preview.live": "What people say and do does not show in a preview.",
    "preview.is_new": "This page is new: it is not published yet.",
    "preview.as_published.home": "See the wiki as published",
    "preview.all": "All previews",
    "preview.short": "Preview: {title}",
    "preview.broken.title": "This preview cannot be built",
    "preview.broken.lead": (
        "The last commit of {branch} ({commit}) cannot be built, so there is nothing to see. It said:"
    ),
    "preview.broken.what": (
        "If it is the branch’s doing, mend it there: its next commit is built by itself. This one is tried again in an "
        "hour, in case it was not."
    ),
    "preview.waiting.title": "This preview is not built yet",
    "preview.waiting.lead": "{branch} waits to be built. Look again in some minutes.",
    "preview.gone.title": "There is no such preview",
    "preview.gone.lead": (
        "There is no branch of this name, or it is merged, or it changes no page, or newer branches took its place."
    ),
    "preview.missing.title": "This page is not in the preview",
    "preview.missing.lead": "There is no page at this address on {branch}.",
    "preview.long.title": "This page is too long for a preview",
    "preview.long": "Pages of more than {most} MB are shown once they are published.",
    "preview.no_room.title": "No room for a preview",
    "preview.no_room": (
        "{branch} was built, and newer previews have all the room there is. It is built again once one of them goes."
    ),
}
