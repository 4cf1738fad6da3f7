"""Publishing a built dataset, and proving that what was published is what was built: one file a target."""
