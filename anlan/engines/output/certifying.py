"""The site's own certificate on sealed papers: what signs a PDF is named by the settings, none by default."""

from collections.abc import Callable

from django.conf import settings
from django.core.checks import Error, register
from django.utils.module_loading import import_string

Certifier = Callable[[bytes, str], bytes]


def certified(pdf: bytes, reason: str) -> bytes:
    """The PDF with the site's signature; as it is where the site has no certificate."""
    if not settings.PDF_SIGNING["key"]:
        return pdf
    certify: Certifier = import_string(settings.PDF_SIGNING["signer"])
    return certify(pdf, reason)


@register
def check_certificate(**_: object) -> list[Error]:
    """Refuse to start with a certificate that cannot be used."""
    if not settings.PDF_SIGNING["key"]:
        return []
    try:
        import_string(f"{settings.PDF_SIGNING['signer'].rpartition('.')[0]}.certificate")()
    except (ImportError, ValueError, OSError) as error:
        return [Error(f"ANLAN_PDF_KEY cannot be used: {error}", id="output.E001")]
    return []
