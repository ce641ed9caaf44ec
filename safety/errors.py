"""
Everything that can go wrong, grouped by what the consumer does about it.

ContractError (schemas.errors)      dead-letter: this message can never succeed
SafetyError
├── TransientError                  retry: the same message may succeed later
│   ├── StoreUnavailableError
│   └── BrokerUnavailableError
├── InvariantError                  halt: our own records disagree; a person looks
│   ├── OffsetConflictError         resync: another consumer has moved this partition's offset
│   └── QuarantineLimitError        (consumers.bounds) too many messages break their contract
├── KnowledgeError                  halt: a dictionary, label or rulebook file is faulty
├── SchemaError                     halt: the database is not one of this version's
├── SettingsError                   (consumers.settings) halt: a setting is missing or wrong
├── EmbeddedBrokerError             (consumers.embedded_broker) it is absent or did not start
├── InputFileError, OutputFileError (consumers.input_files) a file named by the user is at fault
└── UnresolvedPlaceholderError      (reports.narrative) the document is not made

Messages name the case and the field, never the value: logs hold no patient data.
"""


class SafetyError(Exception):
    """Base of every error raised on purpose by this project."""


class TransientError(SafetyError):
    """The same message may succeed later; nothing is lost by waiting."""


class StoreUnavailableError(TransientError):
    """The database cannot be reached, is locked, or refused the transaction for now."""


class BrokerUnavailableError(TransientError):
    """The Kafka broker cannot be reached for now."""


class InvariantError(SafetyError):
    """Our own records disagree with each other; going on could lose an event."""


class OffsetConflictError(InvariantError):
    """The stored offset is not the one this batch began at: another consumer owns it now."""


class KnowledgeError(SafetyError):
    """A knowledge file (dictionary, label, rulebook, profile) is faulty; names file and row."""


class SchemaError(SafetyError):
    """The store's URL or tables do not fit this version of the software; says what to type."""
