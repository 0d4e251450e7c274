"""Nightly: forget drafts nobody used, unused content and exports nobody fetched."""

from typing import Any

from anlan.engines.files.api import clean_drafts, forget_previews
from anlan.engines.output.exports import forget_old_exports
from anlan.engines.tasks.api import Job, background, declare_periodic


@background("清理过期文件")
def clean_files(job: Job) -> dict[str, Any]:
    """Remove what is past its time."""
    return {"drafts": clean_drafts(), "exports": forget_old_exports(), "previews": forget_previews()}


declare_periodic("files.cleaning", "20 * * * *", clean_files)
