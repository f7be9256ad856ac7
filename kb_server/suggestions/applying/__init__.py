"""From a suggestion that carries edits to the text: a pull request, a branch, or the texts handed over to somebody."""
