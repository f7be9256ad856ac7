"""Following the trusted branch: whatever is merged there is fetched, built aside and published, by itself."""
