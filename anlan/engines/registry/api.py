"""The registry engine's door: declaring ledgers and finding them."""

from anlan.engines.registry.access import CLEAR, MASKED, Eyes, can, closed_columns, one, rows
from anlan.engines.registry.acting import Act, act, acts_of, asked_by
from anlan.engines.registry.adding import add_all
from anlan.engines.registry.afar import Sent, move_from_afar, once_from_afar
from anlan.engines.registry.credentials import Credential, Credentials
from anlan.engines.registry.cycle_rules import CycleSetting, declare_cycles
from anlan.engines.registry.data import Datum, computed, datum, overdue_condition
from anlan.engines.registry.declaring import Block, Ledger, block
from anlan.engines.registry.entries import Entry, kind_field, unique
from anlan.engines.registry.equipment import IN_USE, Equipment, Inventory
from anlan.engines.registry.erasing import erase_due
from anlan.engines.registry.evidence import FilesInStock, SeveralFiles, add_slots, take
from anlan.engines.registry.filtering import period
from anlan.engines.registry.forming import RecordForm, form_for
from anlan.engines.registry.history import events
from anlan.engines.registry.inspecting import Checked, CheckResult, Cycled, reckoned, record_check
from anlan.engines.registry.known import ledger_of, ledgers
from anlan.engines.registry.lead_times import Lead, LeadTime, lead_for, own_leads
from anlan.engines.registry.lede import counted_words
from anlan.engines.registry.listing import Listing, number_of, rows_of_unit
from anlan.engines.registry.masking import masked
from anlan.engines.registry.offering import Finder, find_by
from anlan.engines.registry.once import fresh_key, once
from anlan.engines.registry.outputs import Writer, add_writer, write_csv, writers
from anlan.engines.registry.pages.labels import SCANNED
from anlan.engines.registry.pages.records import facts
from anlan.engines.registry.preferences import SHARE_VIEWS
from anlan.engines.registry.registering import ledger
from anlan.engines.registry.reminding import dated_ledger, remind_all, remind_of_dates
from anlan.engines.registry.renewing import history_of
from anlan.engines.registry.risks import RiskCategory, categories_at, risk_field
from anlan.engines.registry.saving import add, amend
from anlan.engines.registry.school_filters import about_schools, school_pills
from anlan.engines.registry.shared_ledger import SharedLedger
from anlan.engines.registry.sharing import answer, end_share, share_record, share_set, shares_of
from anlan.engines.registry.standing import STANDINGS
from anlan.engines.registry.validity import standing
from anlan.engines.registry.wording import titles_of
from anlan.kernel.personal import Personal, personal_fields

__all__ = [
    "CLEAR",
    "IN_USE",
    "MASKED",
    "SCANNED",
    "SHARE_VIEWS",
    "STANDINGS",
    "Act",
    "Block",
    "CheckResult",
    "Checked",
    "Credential",
    "Credentials",
    "CycleSetting",
    "Cycled",
    "Datum",
    "Entry",
    "Equipment",
    "Eyes",
    "FilesInStock",
    "Finder",
    "Inventory",
    "Lead",
    "LeadTime",
    "Ledger",
    "Listing",
    "Personal",
    "RecordForm",
    "RiskCategory",
    "Sent",
    "SeveralFiles",
    "SharedLedger",
    "Writer",
    "about_schools",
    "act",
    "acts_of",
    "add",
    "add_all",
    "add_slots",
    "add_writer",
    "amend",
    "answer",
    "asked_by",
    "block",
    "can",
    "categories_at",
    "closed_columns",
    "computed",
    "counted_words",
    "dated_ledger",
    "datum",
    "declare_cycles",
    "end_share",
    "erase_due",
    "events",
    "facts",
    "find_by",
    "form_for",
    "fresh_key",
    "history_of",
    "kind_field",
    "lead_for",
    "ledger",
    "ledger_of",
    "ledgers",
    "masked",
    "move_from_afar",
    "number_of",
    "once",
    "once_from_afar",
    "one",
    "overdue_condition",
    "own_leads",
    "period",
    "personal_fields",
    "reckoned",
    "record_check",
    "remind_all",
    "remind_of_dates",
    "risk_field",
    "rows",
    "rows_of_unit",
    "school_pills",
    "share_record",
    "share_set",
    "shares_of",
    "standing",
    "take",
    "titles_of",
    "unique",
    "write_csv",
    "writers",
]
