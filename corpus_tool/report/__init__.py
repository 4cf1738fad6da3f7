"""The page that readers of a corpus or a dataset look at: one HTML file with charts, quality, losses and articles."""
