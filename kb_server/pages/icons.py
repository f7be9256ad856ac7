"""The icons the server's templates use. The build brings them along, since the server knows nothing of the theme."""

NAMES = (
    "material/arrow-left",
    "material/arrow-right",
    "material/call-split",
    "material/check-circle",
    "material/circle-outline",
    "material/compass-off-outline",
    "material/file-document-edit-outline",
    "material/help-circle-outline",
    "material/lock-outline",
    "material/magnify",
    "material/map-marker-question-outline",
    "material/timer-sand",
)
