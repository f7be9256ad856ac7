"""What a suggestion would have the text say: sections of pages in other words, and pages that are not there yet."""
