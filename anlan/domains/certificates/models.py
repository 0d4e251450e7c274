"""Models of the certificate view, for Django."""

from anlan.domains.certificates import analysis, demo, registers
from anlan.domains.certificates.classes import CertificateClass
from anlan.domains.certificates.gathering import Certificate
from anlan.domains.certificates.others import OtherCertificate

__all__ = ["Certificate", "CertificateClass", "OtherCertificate", "analysis", "demo", "registers"]
