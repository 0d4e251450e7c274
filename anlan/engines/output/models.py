"""Models of the output engine, for Django."""

from anlan.engines.output.exports import ExportFile

__all__ = ["ExportFile"]
