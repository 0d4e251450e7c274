"""Handing candidates out to groups so that group sizes differ by one at most (HR.14)."""

from collections.abc import Iterable, Mapping, Sequence


def shared_out(
    candidates: Iterable[str], groups: Sequence[str], fixed: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Group by candidate, in the order given; ``fixed`` candidates (already reviewed) stay where they are.

    Sizes differ by one at most as far as the fixed ones allow. ValueError without a group or a candidate.
    """
    everybody, held = list(dict.fromkeys(candidates)), dict(fixed or {})
    if not everybody or not groups:
        raise ValueError("no groups" if everybody else "no candidates")
    found = {one: held[one] for one in everybody if held.get(one) in groups}
    sizes = dict.fromkeys(groups, 0)
    for group in found.values():
        sizes[group] += 1
    for one in everybody:
        if one not in found:
            found[one] = min(groups, key=lambda group: sizes[group])
            sizes[found[one]] += 1
    return {one: found[one] for one in everybody}
