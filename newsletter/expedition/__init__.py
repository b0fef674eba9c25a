"""The sending engine: sessions that hold rows, a mould per rendering, one SMTP talk for many messages.

See docs/decisions/0016-letter-sending-engine.md.
"""
