"""What `kb doctor` looks at: a module per subject, each a function from the installation to what it found."""
