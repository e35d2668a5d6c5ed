"""Makes variational.json: lower bounds and parameters of scikit-learn's BayesianGaussianMixture, from given responsibilities.

    python3 test/golden/reference/variational.py > test/golden/reference/variational.json

Made with scikit-learn 1.2.1. Rows in the order of the first column are cut into k parts of equal size; a row belongs to its part with
0.8 + 0.2 / k, to every other with 0.2 / k.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.mixture import BayesianGaussianMixture

ROOT = Path(__file__).parents[3]
ITERATIONS = 20


def read(path, delimiter, columns):
    return np.loadtxt(ROOT / path, delimiter=delimiter, skiprows=1, usecols=columns)


def priors_of(d, covariance_type):
    scale = np.eye(d) * 0.5 + 0.1
    covariance = {"full": scale, "tied": scale, "diag": np.diag(scale), "spherical": 0.4}[covariance_type]
    return {
        "weight_concentration_prior": 0.02,
        "mean_precision_prior": 0.3,
        "mean_prior": np.arange(1.0, d + 1),
        "degrees_of_freedom_prior": d + 1.5,
        "covariance_prior": covariance,
    }


CASES = [
    ("faithful", read("data/faithful.csv", ",", (0, 1)), 3, False),
    ("iris", read("data/iris.csv", ",", (0, 1, 2, 3)), 5, True),
    ("quakes", read("test/first-look/tables/quakes.tsv", "\t", (0, 1, 2, 3, 4)), 4, False),
]


def responsibilities(rows, k):
    n = len(rows)
    out = np.full((n, k), 0.2 / k)
    for rank, i in enumerate(np.argsort(rows[:, 0], kind="stable")):
        out[i, rank * k // n] += 0.8
    return out


def follow(name, rows, k, has_priors, covariance_type, weight_prior):
    priors = priors_of(rows.shape[1], covariance_type) if has_priors else {}
    mixture = BayesianGaussianMixture(
        n_components=k,
        covariance_type=covariance_type,
        weight_concentration_prior_type=weight_prior,
        reg_covar=0,
        **priors,
    )
    mixture._check_parameters(rows)
    mixture._initialize(rows, responsibilities(rows, k))
    bounds = []
    for _ in range(ITERATIONS):
        log_prob_norm, log_resp = mixture._e_step(rows)
        mixture._m_step(rows, log_resp)
        bounds.append(mixture._compute_lower_bound(log_resp, log_prob_norm))
    mixture._set_parameters(mixture._get_parameters())
    return {
        "data": name,
        "nComponents": k,
        "covarianceType": covariance_type,
        "weightPrior": {"dirichlet_process": "dirichlet-process", "dirichlet_distribution": "dirichlet"}[weight_prior],
        "priors": {key: np.asarray(value).tolist() for key, value in priors.items()},
        "lowerBounds": bounds,
        "weights": mixture.weights_.tolist(),
        "means": mixture.means_.tolist(),
        "covariances": mixture.covariances_.tolist(),
    }


print(
    json.dumps(
        [
            follow(name, rows, k, has_priors, covariance_type, weight_prior)
            for name, rows, k, has_priors in CASES
            for covariance_type in ("full", "tied", "diag", "spherical")
            for weight_prior in ("dirichlet_process", "dirichlet_distribution")
        ],
        indent=1,
    )
)
