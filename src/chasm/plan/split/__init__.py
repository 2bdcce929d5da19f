"""The train/serve split: what is learned from the training records, what is replayed on any."""
