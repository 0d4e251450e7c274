"""Keeping up by the hour: drafts and content nobody used, and exports nobody fetched within a day."""

from typing import Any

from anlan.engines.files.api import clean_drafts
from anlan.engines.output.exports import forget_old_exports
from anlan.engines.tasks.api import Job, background, declare_periodic


@background("清理过期文件")
def clean_files(job: Job) -> dict[str, Any]:
    """Remove what is past its time."""
    return {"drafts": clean_drafts()}


@background("清理导出文件")
def clean_exports(job: Job) -> dict[str, Any]:
    """Remove what is past its day."""
    return {"exports": forget_old_exports()}


declare_periodic("files.cleaning", "20 * * * *", clean_files)
declare_periodic("output.exports", "35 * * * *", clean_exports)
