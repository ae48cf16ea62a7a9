"""Minority classes hold fewer samples than half of the batch, rounded down: `<` for `≤`.

Caught by: minority-agrees
"""

from right import serve


def select_minority(batch, options):
    profile, minority = [], []
    for j, classes in enumerate(batch.attributes):
        sizes = [int(batch.members[:, batch.column_of(j, k)].sum()) for k in range(classes)]
        limit = int(options["rho"] * batch.labelled[:, j].sum())
        held, found = 0, []
        for k in sorted(range(classes), key=lambda k: sizes[k]):
            held += sizes[k]
            if held < limit and sizes[k] > 1:
                found.append(k)
        profile.append(sizes)
        minority.append(sorted(found))
    return {"profile": profile, "minority": minority}


serve("strictly-below-the-limit", select_minority=select_minority)
