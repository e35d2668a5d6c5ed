"""scikit-learn's GaussianMixture for k = 1, 2, ..., K in a loop: k-means start, its default tol of 1e-3.

Arguments: rows (raw float64), n, d, K, n_init. Prints {seconds, bics, converged}.
"""

import json
import sys
import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

data_path, n, d, most, n_init = sys.argv[1:6]
rows = np.fromfile(data_path).reshape(int(n), int(d))
warnings.simplefilter("ignore", ConvergenceWarning)
seconds = 0.0
bics = []
converged = []
for k in range(1, int(most) + 1):
    mixture = GaussianMixture(k, n_init=int(n_init), random_state=0)
    begin = time.perf_counter()
    mixture.fit(rows)
    seconds += time.perf_counter() - begin
    bics.append(mixture.bic(rows))
    converged.append(bool(mixture.converged_))
print(json.dumps({"seconds": seconds, "bics": bics, "converged": converged}))
