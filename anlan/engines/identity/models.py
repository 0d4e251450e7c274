"""Models of the identity engine, for Django."""

from anlan.engines.identity.accounts import User
from anlan.engines.identity.activation import Activation
from anlan.engines.identity.passwords import PasswordHistory
from anlan.engines.identity.policy import SecurityPolicy
from anlan.engines.identity.requests import AccountRequest
from anlan.engines.identity.second_factor import SecondFactor
from anlan.engines.identity.sessions import SignIn
from anlan.engines.identity.tallies import Tally

__all__ = [
    "AccountRequest",
    "Activation",
    "PasswordHistory",
    "SecondFactor",
    "SecurityPolicy",
    "SignIn",
    "Tally",
    "User",
]
