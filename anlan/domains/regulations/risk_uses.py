"""Emergency plans and the rest of the library among what names the common kinds of risk (X.16)."""

from anlan.base.risk_uses import LedgerUse, declare_risk_use
from anlan.engines.library.api import Documents

declare_risk_use(LedgerUse("emergency_plans", "应急预案", Documents.code, "risk", "plans=1"))
declare_risk_use(LedgerUse("knowledge", "法规资料", Documents.code, "risk", "knowledge=1"))
