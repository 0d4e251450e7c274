"""Models of the files engine, for Django."""

from anlan.engines.files.attachments import Attachment
from anlan.engines.files.drafts import Upload
from anlan.engines.files.own_signatures import OwnSignature
from anlan.engines.files.stored import StoredFile

__all__ = ["Attachment", "OwnSignature", "StoredFile", "Upload"]
