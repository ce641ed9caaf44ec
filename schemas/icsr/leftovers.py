"""What an ICSR says and no field of the contract holds: kept word for word, and listed."""

from collections.abc import Sequence

from schemas.errors import ContractError, Reason
from schemas.icsr.node import Node, Paths
from schemas.icsr.texts import LINE, TEXT
from schemas.messages.adverse_event import Kept
from schemas.messages.parts import Many

MAX_KEPT = 10 * Many

Leftover = tuple[Node, str, str]  # element, which attribute or text of it, its content


def keep_leftovers(trees: Sequence[Node], rewritten: list[Leftover]) -> list[Kept]:
    """
    List what is left over, in several pieces where one entry cannot hold it.

    Args:
        trees: What was read; anything unread in them is left over.

        rewritten: What was read, but does not arrive as it was written.

    Raises:
        ContractError: UNUSABLE_ICSR if there is more than can be listed.
    """
    leftovers = list(rewritten)
    for tree in trees:
        tree.gather_unread(leftovers)
    if not leftovers:
        return []
    paths = Paths(trees)
    kept = [
        Kept(path=f"{paths.of(node)}/{what}"[-LINE:], content=content[start : start + TEXT])
        for node, what, content in leftovers[: MAX_KEPT + 1]
        for start in range(0, len(content), TEXT)
    ]
    if len(kept) > MAX_KEPT:
        raise ContractError(
            Reason.UNUSABLE_ICSR,
            "kept",
            f"more than {MAX_KEPT} values have no place in the case model; send standard elements",
        )
    return kept
