"""
Alerts by webhook: the event of `pv.alerts`, one a request, signed.

The signature is HMAC-SHA256 over timestamp, a dot and the body, so that neither can be changed and
an old request cannot be sent again as a new one. The URL and the headers hold nothing of a case.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from consumers.deliveries import DeliveryError
from consumers.publications import alert_raised
from safety.store.deliveries import RaisedAlert

TIMEOUT_S = 10.0


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """
    A URL that takes alerts, and the secret that it knows too.

    Attributes:
        clock: Gives the instant that a request is signed with.
    """

    url: str
    secret: str = field(repr=False)
    clock: Callable[[], datetime] = _now
    name: str = "webhook"
    at_once: int = 1

    def send(self, alerts: Sequence[RaisedAlert]) -> None:
        """
        Post one alert.

        Raises:
            DeliveryError: Nothing answers, or not with a code of 200 to 299. A redirect is no
                answer: the alert goes where it was set to go, or nowhere.
        """
        (each,) = alerts
        body = alert_raised(each.alert, synthetic=each.synthetic, now=each.raised_at).payload
        timestamp = str(int(self.clock().timestamp()))
        request = Request(  # noqa: S310 - the setting allows http and https only
            self.url,
            data=body,
            method="POST",
            headers={
                "Content-Type": "application/cloudevents+json; charset=UTF-8",
                "User-Agent": "sorafenib-safety",
                "Safety-Delivery": each.alert.alert_id,
                "Safety-Timestamp": timestamp,
                "Safety-Signature": sign(self.secret, timestamp, body),
            },
        )
        try:
            with build_opener(_NoRedirect, ProxyHandler({})).open(request, timeout=TIMEOUT_S):
                pass
        except HTTPError as error:
            error.close()
            raise DeliveryError(f"HTTP {error.code}") from None
        except (OSError, HTTPException) as error:
            raise DeliveryError(type(error).__name__) from None


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Give the signature of a request: `v1=` and the HMAC-SHA256 in hexadecimal."""
    signed = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow none: the signed alert would go to somebody who was not set."""
