"""scikit-learn's GaussianMixture from given parameters; see ../peers.mjs for arguments and output.

What fit does besides its iterations (drawing responsibilities, which the given parameters then replace, and a
last E-step) is the same for both lengths.
"""

import json
import re
import sys
import time
import warnings

import numpy as np
from sklearn.mixture import GaussianMixture

data_path, start_path, n, d, k, covariance_type, passes = sys.argv[1:8]
n, d, k, passes = int(n), int(d), int(k), int(passes)
rows = np.fromfile(data_path).reshape(n, d)
start = np.fromfile(start_path)
weights, means, covariances = start[:k], start[k : k + k * d].reshape(k, d), start[k + k * d :].reshape(k, d, d)
precisions = {
    "full": lambda: np.linalg.inv(covariances),
    "tied": lambda: np.linalg.inv(covariances[0]),
    "diag": lambda: 1 / np.array([np.diag(c) for c in covariances]),
    "spherical": lambda: np.array([1 / c[0, 0] for c in covariances]),
}[covariance_type]()


def fit(max_iter):
    mixture = GaussianMixture(
        k,
        covariance_type=covariance_type,
        tol=0,
        reg_covar=0,
        max_iter=max_iter,
        init_params="random",
        weights_init=weights,
        means_init=means,
        precisions_init=precisions,
        random_state=0,
    )
    begin = time.perf_counter()
    mixture.fit(rows)
    return time.perf_counter() - begin, mixture


warnings.simplefilter("ignore")
fit(1)
first, _ = fit(1)
last, mixture = fit(1 + passes)
peak = 1024 * int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1])
assert mixture.n_iter_ == 1 + passes
print(json.dumps({"first": first, "last": last, "meanLogLikelihood": mixture.score(rows), "peakBytes": peak}))
