"""What a page is, to the build and to the server alike: sections, meaning, manifest. A leaf: it imports nothing of ours."""
