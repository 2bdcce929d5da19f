"""The train/serve split: what is learned from the training records, what is replayed on any."""

from chasm.plan.split.derive import Split, derive_split

__all__ = ["Split", "derive_split"]
