"""Alerts by e-mail: one message a look, with everything that was raised since the last one."""

import hashlib
import smtplib
import ssl
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal

from consumers.deliveries import DeliveryError
from safety.store.deliveries import RaisedAlert
from safety.submissions import spoken

TIMEOUT_S = 30.0
ORDER = ("overdue", "undecided", "due_soon")

Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True)
class MailChannel:
    """
    A mail server and who is told.

    Attributes:
        security: `tls` from the first byte, `starttls` before the login, or none.
        password: Held back from every text that this class makes.
    """

    host: str
    port: int
    security: Security
    sender: str
    recipients: tuple[str, ...]
    username: str | None = None
    password: str | None = None
    name: str = "mail"
    at_once: int = 200

    def send(self, alerts: Sequence[RaisedAlert]) -> None:
        """
        Send one message about these alerts.

        Raises:
            DeliveryError: The server cannot be reached, or takes it for none of the recipients.
        """
        message = build_mail(alerts, sender=self.sender, recipients=self.recipients)
        try:
            with self._opened() as server:
                self._log_in(server)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(type(error).__name__) from None

    def _opened(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)

    def _log_in(self, server: smtplib.SMTP) -> None:
        if self.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self.username is not None and self.password is not None:
            server.login(self.username, self.password)

    def __repr__(self) -> str:
        return f"MailChannel({self.host}:{self.port})"


def build_mail(
    alerts: Sequence[RaisedAlert], *, sender: str, recipients: Sequence[str]
) -> EmailMessage:
    """Write the message; the same alerts always get the same Message-ID."""
    counts = Counter(each.alert.kind for each in alerts)
    told = ", ".join(f"{counts[kind]} {spoken(kind)}" for kind in ORDER if counts[kind])
    ids = "\n".join(sorted(each.alert.alert_id for each in alerts))
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = f"Duties to report: {told}"
    message["Date"] = format_datetime(max(each.raised_at for each in alerts))
    digest = hashlib.sha256(ids.encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@sorafenib-safety.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(_lines(alerts)))
    return message


def _lines(alerts: Sequence[RaisedAlert]) -> list[str]:
    lines: list[str] = []
    for kind in ORDER:
        found = [each for each in alerts if each.alert.kind == kind]
        if not found:
            continue
        lines += [f"{spoken(kind).upper()} ({len(found)})", ""]
        for each in found:
            alert = each.alert
            made_up = "   [synthetic]" if each.synthetic else ""
            lines += [f"  {alert.authority}   case {alert.case_id}{made_up}", f"    {alert.text}"]
            lines += [f"    duty {alert.obligation_id}", ""]
    lines += ["See: safety due; why: safety case trace CASE."]
    return lines
