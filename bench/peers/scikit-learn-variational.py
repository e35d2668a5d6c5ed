"""scikit-learn's BayesianGaussianMixture with full covariances from given labels.

Arguments: rows (raw float64), labels (raw float64), n, d, k, passes. Prints {first, last, lowerBound}: seconds of a fit of 1 and of
1 + passes iterations, and the lower bound after these.
"""

import json
import sys
import time
import warnings

import numpy as np
from sklearn.mixture import BayesianGaussianMixture

data_path, labels_path, n, d, k, passes = sys.argv[1:7]
n, d, k, passes = int(n), int(d), int(k), int(passes)
rows = np.fromfile(data_path).reshape(n, d)
responsibilities = np.zeros((n, k))
responsibilities[np.arange(n), np.fromfile(labels_path).astype(int)] = 1


class FromLabels(BayesianGaussianMixture):
    def _initialize_parameters(self, rows, random_state):
        self._initialize(rows, responsibilities)


def fit(max_iter):
    mixture = FromLabels(n_components=k, tol=0, reg_covar=0, max_iter=max_iter, random_state=0)
    begin = time.perf_counter()
    mixture.fit(rows)
    return time.perf_counter() - begin, mixture


warnings.simplefilter("ignore")
first, _ = fit(1)
last, mixture = fit(1 + passes)
print(json.dumps({"first": first, "last": last, "lowerBound": mixture.lower_bound_}))
