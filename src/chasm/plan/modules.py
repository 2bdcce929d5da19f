"""The modules of a made package, by what stands in them."""

#: Modules that hold the notebook's code, in the order of the pipeline.
PRODUCT = ("data", "features", "training", "report")
#: What every package has around them.
FRAME = ("__init__", "__main__", "config", "output", "pipeline")
#: What stands around a model that is served.
SERVICE = (
    "artifacts", "bodies", "inference", "inputs", "labels", "monitoring", "predictions", "records",
    "schema", "scoring", "service", "trusted",
)  # fmt: skip
