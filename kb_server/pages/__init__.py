"""What a page is, to the build and to the server alike: sections, meaning, manifest. A leaf of the house."""
