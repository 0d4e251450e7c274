"""The identity engine's door: accounts, who may pass, and what is done with accounts and rights."""

from anlan.engines.identity.accounts import User
from anlan.engines.identity.activation import Activation, allot
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.composing import compose
from anlan.engines.identity.confirming import FIELD as CONFIRM_FIELD
from anlan.engines.identity.confirming import ask, confirmed, demand, require_recent, settle
from anlan.engines.identity.confirming import give as give_password
from anlan.engines.identity.fields import offer_units, unit_choice, units_under
from anlan.engines.identity.fields import take as refused_at
from anlan.engines.identity.granting import beyond, give, holders, take_back
from anlan.engines.identity.managing import (
    AccountStopped,
    disable,
    lock_idle,
    open_account,
    reset_password,
    stop_leavers,
    unlock,
    visible_accounts,
)
from anlan.engines.identity.marks import declared, needs, personal, public
from anlan.engines.identity.notes import Noted, note
from anlan.engines.identity.policy import SecurityPolicy
from anlan.engines.identity.sessions import end_sessions, open_sessions
from anlan.engines.identity.tallies import forget_old as forget_old_tallies

__all__ = [
    "CONFIRM_FIELD",
    "AccountStopped",
    "Activation",
    "Noted",
    "SecurityPolicy",
    "SignedRequest",
    "User",
    "allot",
    "ask",
    "beyond",
    "compose",
    "confirmed",
    "declared",
    "demand",
    "disable",
    "end_sessions",
    "forget_old_tallies",
    "give",
    "give_password",
    "holders",
    "lock_idle",
    "needs",
    "note",
    "offer_units",
    "open_account",
    "open_sessions",
    "personal",
    "public",
    "refused_at",
    "require_recent",
    "reset_password",
    "settle",
    "stop_leavers",
    "take_back",
    "unit_choice",
    "units_under",
    "unlock",
    "visible_accounts",
]
