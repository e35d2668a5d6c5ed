"""scikit-learn's GaussianMixture with everything left to its defaults: k-means start, tol 1e-3.

Arguments: rows (raw float64), n, d, k. Prints {seconds, iterations, converged, meanLogLikelihood, peakBytes}.
"""

import json
import re
import sys
import time

import numpy as np
from sklearn.mixture import GaussianMixture

data_path, n, d, k = sys.argv[1:5]
rows = np.fromfile(data_path).reshape(int(n), int(d))
mixture = GaussianMixture(int(k), random_state=0)
begin = time.perf_counter()
mixture.fit(rows)
seconds = time.perf_counter() - begin
peak = 1024 * int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1])
print(
    json.dumps(
        {
            "seconds": seconds,
            "iterations": mixture.n_iter_,
            "converged": mixture.converged_,
            "meanLogLikelihood": mixture.score(rows),
            "peakBytes": peak,
        }
    )
)
