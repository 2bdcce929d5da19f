"""Renderers, one a file: values of the other layers to text, and nothing else."""
