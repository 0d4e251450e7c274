"""What of campus safety names the common kinds of risk (X.16)."""

from anlan.base.risk_uses import LedgerUse, declare_risk_use
from anlan.domains.safety.hazard_registers import Hazards
from anlan.domains.safety.incident_registers import Incidents
from anlan.domains.safety.inspection_registers import InspectionPlans
from anlan.domains.safety.quick_registers import Quick

declare_risk_use(LedgerUse("inspection_plans", "巡查计划", InspectionPlans.code))
declare_risk_use(LedgerUse("hazards", "隐患", Hazards.code))
declare_risk_use(LedgerUse("quick", "随手报", Quick.code, "kind__category"))
declare_risk_use(LedgerUse("incidents", "安全事件", Incidents.code))
