"""Models of the messaging engine, for Django."""

from anlan.engines.messaging.deliveries import Delivery
from anlan.engines.messaging.inbox import Message
from anlan.engines.messaging.preferences import MessagePreference
from anlan.engines.messaging.urging import Urge, UrgeGate

__all__ = ["Delivery", "Message", "MessagePreference", "Urge", "UrgeGate"]
