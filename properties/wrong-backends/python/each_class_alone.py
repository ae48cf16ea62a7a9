"""Every class that is itself below the limit is a minority class; their sizes are not added up.

Caught by: minority-agrees
"""

from right import serve


def select_minority(batch, options):
    profile, minority = [], []
    for j, classes in enumerate(batch.attributes):
        sizes = [int(batch.members[:, batch.column_of(j, k)].sum()) for k in range(classes)]
        limit = options["rho"] * int(batch.labelled[:, j].sum())
        profile.append(sizes)
        minority.append([k for k in range(classes) if 1 < sizes[k] <= limit])
    return {"profile": profile, "minority": minority}


serve("each-class-alone", select_minority=select_minority)
