"""Models of campus safety, for Django; flows, ledgers and handlers of events are declared beside them."""

from anlan.domains.safety import (
    announcements,
    chains,
    commanding,
    demo,
    field_outbox,
    following,
    gathering,
    group_registers,
    hazard_messages,
    hazard_reports,
    incident_intake,
    inspecting,
    intake,
    judging,
    navigation,
    overview,
    patrol_query,
    planning,
    proposal_pages,
    quick_reports,
    raising,
    risk_uses,
    sending,
    signals,
    special_analysis,
    special_part_registers,
    special_publishing,
    unfinished,
    wall,
)
from anlan.domains.safety.duties import Duty
from anlan.domains.safety.finding_registers import Findings
from anlan.domains.safety.findings import Finding
from anlan.domains.safety.groups import GroupAssignment, InspectionGroup
from anlan.domains.safety.hazard_flow import HazardFlow
from anlan.domains.safety.hazard_lists import Rectifications
from anlan.domains.safety.hazard_registers import Hazards
from anlan.domains.safety.hazards import Hazard, HazardCounter
from anlan.domains.safety.incident_registers import Incidents
from anlan.domains.safety.incidents import Incident
from anlan.domains.safety.inspection import InspectionPlan, InspectionRound, InspectionTask
from anlan.domains.safety.inspection_modes import InspectionMode
from anlan.domains.safety.inspection_registers import InspectionModes, InspectionPlans
from anlan.domains.safety.inspectors import Inspectors
from anlan.domains.safety.lapses import Lapses
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notice_registers import Notices
from anlan.domains.safety.notices import Notice, NoticeVersion
from anlan.domains.safety.pressing import Extension, Pressing
from anlan.domains.safety.quick import QuickHandler, QuickKind, QuickReport
from anlan.domains.safety.quick_flow import QuickFlow
from anlan.domains.safety.quick_registers import Quick
from anlan.domains.safety.received_registers import Received
from anlan.domains.safety.report_item_registers import ReportItems
from anlan.domains.safety.report_plan_registers import ReportPlans
from anlan.domains.safety.report_registers import SafetyReports
from anlan.domains.safety.reports import ReportItem, ReportPlan, ReportRound, SafetyReport
from anlan.domains.safety.special import SpecialCheck, SpecialItem, SpecialPart, SpecialProgress
from anlan.domains.safety.special_flow import SpecialPartFlow
from anlan.domains.safety.special_registers import SpecialChecks
from anlan.domains.safety.special_results import SpecialResult
from anlan.domains.safety.task_registers import Inspections

__all__ = [
    "Duty",
    "Extension",
    "Finding",
    "Findings",
    "GroupAssignment",
    "Hazard",
    "HazardCounter",
    "HazardFlow",
    "Hazards",
    "Incident",
    "Incidents",
    "InspectionGroup",
    "InspectionMode",
    "InspectionModes",
    "InspectionPlan",
    "InspectionPlans",
    "InspectionRound",
    "InspectionTask",
    "Inspections",
    "Inspectors",
    "Lapses",
    "Notice",
    "NoticeCopy",
    "NoticeVersion",
    "Notices",
    "Pressing",
    "Quick",
    "QuickFlow",
    "QuickHandler",
    "QuickKind",
    "QuickReport",
    "Received",
    "Rectifications",
    "ReportItem",
    "ReportItems",
    "ReportPlan",
    "ReportPlans",
    "ReportRound",
    "SafetyReport",
    "SafetyReports",
    "SpecialCheck",
    "SpecialChecks",
    "SpecialItem",
    "SpecialPart",
    "SpecialPartFlow",
    "SpecialProgress",
    "SpecialResult",
    "announcements",
    "chains",
    "commanding",
    "demo",
    "field_outbox",
    "following",
    "gathering",
    "group_registers",
    "hazard_messages",
    "hazard_reports",
    "incident_intake",
    "inspecting",
    "intake",
    "judging",
    "navigation",
    "overview",
    "patrol_query",
    "planning",
    "proposal_pages",
    "quick_reports",
    "raising",
    "risk_uses",
    "sending",
    "signals",
    "special_analysis",
    "special_part_registers",
    "special_publishing",
    "unfinished",
    "wall",
]
