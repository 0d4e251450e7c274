"""Models of the audit engine, for Django."""

from anlan.engines.audit.backups import AuditBackup
from anlan.engines.audit.entries import AuditEntry
from anlan.engines.audit.receipts import Receipt
from anlan.engines.audit.sealing import AuditHead, AuditSeal

__all__ = ["AuditBackup", "AuditEntry", "AuditHead", "AuditSeal", "Receipt"]
