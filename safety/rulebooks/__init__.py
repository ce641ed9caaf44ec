"""
The law as rows: who must be told of what, within how many days, by which article.

One TOML file a jurisdiction. A row is never edited once decisions rest on it: it
gets a `valid_to`, and a new row begins the next day. Editions stand side by side.
"""

from safety.rulebooks.load import load_rulebooks
from safety.rulebooks.model import Duty, OtherDuty, Rule, Rulebook

__all__ = ["Duty", "OtherDuty", "Rule", "Rulebook", "load_rulebooks"]
