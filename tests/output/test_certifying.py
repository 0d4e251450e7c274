"""PDF under the site's certificate: valid as made, broken by any change, and a wrong file stops the start."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from anlan.engines.output.api import pdf_of
from anlan.engines.output.certifying import certified, check_certificate
from anlan.engines.output.pkcs12 import certificate

PASSWORD = "for-this-test"


def a_certificate(path: Path) -> None:
    """A key and a certificate signed by itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "safety.example.edu.cn")])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    usage |= {"encipher_only": False, "decipher_only": False}
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    bag = pkcs12.serialize_key_and_certificates(
        b"anlan", key, made, None, BestAvailableEncryption(PASSWORD.encode())
    )
    path.write_bytes(bag)


@pytest.fixture
def site(settings: Any, tmp_path: Path) -> Any:
    """A site with a certificate."""
    a_certificate(tmp_path / "site.p12")
    settings.PDF_SIGNING = settings.PDF_SIGNING | {"key": str(tmp_path / "site.p12"), "password": PASSWORD}
    certificate.cache_clear()
    yield settings
    certificate.cache_clear()


def test_a_paper_is_signed_and_a_change_shows(site: Any) -> None:
    content = certified(pdf_of("<p>责任书</p>"), "责任书")
    signature = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    trust = ValidationContext(trust_roots=[certificate().signing_cert])
    status = validate_pdf_signature(signature, trust)
    assert status.intact
    assert status.valid
    forged = content.replace(b"/Type", b"/Tipe", 1)
    broken = PdfFileReader(io.BytesIO(forged), strict=False).embedded_signatures[0]
    broken.compute_integrity_info()
    assert not validate_pdf_signature(broken, trust).intact


def test_without_a_certificate_the_pdf_stays_as_it_is() -> None:
    assert certified(b"%PDF-1.7", "x") == b"%PDF-1.7"
    assert check_certificate() == []


def test_a_certificate_that_does_not_open_stops_the_start(site: Any, tmp_path: Path) -> None:
    assert check_certificate() == []
    certificate.cache_clear()
    site.PDF_SIGNING = site.PDF_SIGNING | {"password": "another"}
    assert [error.id for error in check_certificate()] == ["output.E001"]
    (tmp_path / "site.p12").unlink()
    assert [error.id for error in check_certificate()] == ["output.E001"]
