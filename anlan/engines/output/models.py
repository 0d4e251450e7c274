"""Models of the output engine, for Django."""

from anlan.engines.output.exports import ExportFile
from anlan.engines.output.sealed import SealedPaper
from anlan.engines.output.signatures import Signature
from anlan.engines.output.word_templates import WordTemplate

__all__ = ["ExportFile", "SealedPaper", "Signature", "WordTemplate"]
