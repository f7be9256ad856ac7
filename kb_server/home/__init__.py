"""Home as it is for whoever looks: what waits for them, what became of what they asked, how the teams answer."""
