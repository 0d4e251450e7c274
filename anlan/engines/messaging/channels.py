"""Ways out of the house: each channel is a plug-in that knows a person's address and hands a text over.

The messages themselves live in the inbox whatever happens here; a channel that fails falls back to it.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import requests
from django.conf import settings

from anlan.kernel.registry import Registry


class ChannelFailed(Exception):
    """The channel did not take the message; ``lasting`` means that trying again is useless."""

    def __init__(self, text: str, lasting: bool = False) -> None:
        super().__init__(text)
        self.lasting = lasting


@dataclass(frozen=True)
class Parcel:
    """What a channel hands over; ``id`` is stable, so that a repeat can be recognised by the receiver."""

    id: str
    to: str
    title: str
    text: str
    url: str = ""


class Backend(Protocol):
    """How a channel reaches its provider."""

    def hand_over(self, parcel: Parcel) -> None:
        """Give the parcel away; ChannelFailed where it was not taken."""


@dataclass(frozen=True)
class HttpBackend:
    """POSTs the parcel as JSON to the provider's gateway; anything but 2xx is a failure."""

    url: str
    token: str = ""
    timeout: float = 5.0

    def hand_over(self, parcel: Parcel) -> None:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            answer = requests.post(self.url, json=asdict(parcel), headers=headers, timeout=self.timeout)
        except requests.RequestException as error:
            raise ChannelFailed(f"无法连接：{type(error).__name__}") from None
        if not answer.ok:
            refused = 400 <= answer.status_code < 500 and answer.status_code not in (408, 429)
            raise ChannelFailed(f"对方返回 {answer.status_code}", lasting=refused)


@dataclass(frozen=True)
class FileBackend:
    """Appends the parcel as a JSON line to a file; for development and for sites that fetch it themselves."""

    path: Path

    def hand_over(self, parcel: Parcel) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(parcel), ensure_ascii=False) + "\n")


@dataclass(frozen=True)
class Channel:
    """A way out; ``address`` gives where the person is reached, empty where not at all."""

    code: str
    title: str
    address: Callable[[Any], str]

    def backend(self) -> Backend | None:
        """The backend the site has set up (``MESSAGE_CHANNELS``), or None."""
        chosen = settings.MESSAGE_CHANNELS.get(self.code, {})
        if chosen.get("url"):
            return HttpBackend(chosen["url"], chosen.get("token", ""), chosen.get("timeout", 5.0))
        return FileBackend(Path(chosen["file"])) if chosen.get("file") else None


channels: Registry[Channel] = Registry("message channel")


def register_channel(code: str, title: str, address: Callable[[Any], str]) -> Channel:
    """Register a way out; a code registered twice is refused."""
    return channels.add(code, Channel(code, title, address))


register_channel("sms", "短信", lambda user: user.phone or "")
register_channel("wechat", "微信", lambda user: user.settings.get("wechat_openid", ""))
