"""The first visit: three steps, as one person and then as another, above every page until they are walked or closed."""
