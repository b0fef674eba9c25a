"""Bulk import of announcements: equipment lists of members, exports of other exchange platforms."""
