"""The messaging engine's door: declaring events, addressing, sending, the inbox, urging, ways out."""

from anlan.engines.messaging.addressing import holders, holders_at, nearest_holders, rungs
from anlan.engines.messaging.channels import ChannelFailed, Parcel, channels, register_channel
from anlan.engines.messaging.declaring import declare_event, declare_kind
from anlan.engines.messaging.deliveries import Delivery, deliver_due
from anlan.engines.messaging.inbox import Message, mark_read, messages_for, unread_by_kind, unread_count
from anlan.engines.messaging.preferences import MessagePreference, provide_quiet_days
from anlan.engines.messaging.sending import send
from anlan.engines.messaging.urging import Urge, urge, urges_of

__all__ = [
    "ChannelFailed",
    "Delivery",
    "Message",
    "MessagePreference",
    "Parcel",
    "Urge",
    "channels",
    "declare_event",
    "declare_kind",
    "deliver_due",
    "holders",
    "holders_at",
    "mark_read",
    "messages_for",
    "nearest_holders",
    "provide_quiet_days",
    "register_channel",
    "rungs",
    "send",
    "unread_by_kind",
    "unread_count",
    "urge",
    "urges_of",
]
