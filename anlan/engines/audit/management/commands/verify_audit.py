"""``manage.py verify_audit``: check the whole chain; fails when an entry was altered, removed or never
chained.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from anlan.engines.audit.sealing import AuditHead, seal, verify_chain


class Command(BaseCommand):
    """Prints every fault and the digest at the end of the chain, worth noting down outside the system."""

    help = "Verify the audit chain"

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal stragglers, then walk the chain."""
        seal(everything=True)
        faults = list(verify_chain())
        for fault in faults:
            self.stderr.write(f"{fault.position}: {fault.text}")
        if faults:
            raise CommandError(f"{len(faults)} faults in the audit chain")
        head = AuditHead.objects.filter(pk=1).first() or AuditHead()
        self.stdout.write(f"{head.position} entries, chain whole, digest {head.digest}")
