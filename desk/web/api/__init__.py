"""
The desk for programs: the same cases, decisions and documents as JSON, under `/api/v1`.

A program signs in as a person does and has that person's role; what it looks at is in the audit
trail like everything else.
"""

PREFIX = "/api/v1"
