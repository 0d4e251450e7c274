"""Form fields drawn as the uploader: each file goes up by itself, only its id travels with the form."""

from django import forms


class Upload(forms.ClearableFileInput):
    """Any number of files; ``url`` takes one at a time, its id is sent under ``kept``."""

    allow_multiple_selected = True

    def __init__(self, url: str, kept: str) -> None:
        super().__init__()
        self.url, self.kept = url, kept
