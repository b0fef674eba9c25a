"""Mail going out: composed and put in the outbox in the transaction of the act, sent by a worker."""

from .depot import courriels_de, deposer

__all__ = ["courriels_de", "deposer"]
