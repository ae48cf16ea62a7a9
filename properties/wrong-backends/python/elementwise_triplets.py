"""The first positive goes with the first negative, the second with the second: `zip` for the product.

Caught by: triplets-agree
"""

import numpy as np

from right import serve


def form_triplets(hard, options):
    rows = [
        (anchor["sample"], positive, negative, anchor["attribute"], anchor["class"])
        for anchor in hard["anchors"]
        for positive, negative in zip(anchor["positives"], anchor["negatives"])
    ]
    return np.array(rows, dtype=np.int32).reshape(-1, 5)


serve("elementwise-triplets", form_triplets=form_triplets)
