"""What several tests share: fixtures as folders, subprocesses, comparing trees."""
