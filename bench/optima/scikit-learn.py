"""Fits every problem with scikit-learn's GaussianMixture, in one start and in ten, with its default tolerance and with 1e-6.

    python3 bench/optima/scikit-learn.py [--half open] [--parameters FILE] [--out bench/optima/scikit-learn.jsonl]

A line for each fit goes to `--out`; its parameters go to `--parameters`, for `search.mjs --polish`. Seconds are processor time
on one thread, so that other programs on the machine do not count.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # read when numpy is imported

import numpy as np
from scipy.linalg import eigh
from sklearn.mixture import GaussianMixture

HERE = Path(__file__).parent
SETTINGS = [
    {"n_init": n_init, "tol": tol, "max_iter": max_iter}
    for n_init in (1, 10)
    for tol, max_iter in ((1e-3, 100), (1e-6, 1000))
]
SEEDS, ROWS_FOR_ALL_SEEDS = 3, 5_000
ROWS_FOR_TEN_STARTS = 50_000


def export_rows(*arguments):
    program = ["node", str(HERE / "export-rows.mjs"), *arguments]
    lines = subprocess.run(program, check=True, capture_output=True, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def smallest_variance(mixture, rows):
    """The smallest variance of a component relative to the data's, as in measures.mjs."""
    total = np.atleast_2d(np.cov(rows, rowvar=False, bias=True))
    own, covariances = np.diag(total), mixture.covariances_
    if mixture.covariance_type == "diag":
        return (covariances / own).min()
    if mixture.covariance_type == "spherical":
        return covariances.min() / own.mean()
    matrices = covariances.reshape(-1, *total.shape)
    return min(eigh(matrix, total, eigvals_only=True)[0] for matrix in matrices)


def fit(problem, rows, fresh, seed, settings):
    mixture = GaussianMixture(
        problem["nComponents"], covariance_type=problem["covarianceType"], random_state=seed, **settings
    )
    started = time.process_time()
    mixture.fit(rows)
    seconds = time.process_time() - started
    line = {
        "name": problem["name"],
        "nInit": settings["n_init"],
        "tol": settings["tol"],
        "seed": seed,
        "seconds": round(seconds, 4),
        "logLikelihood": round(mixture.score(rows) * len(rows), 4),
        "smallestRows": float(f"{len(rows) * mixture.weights_.min():.3g}"),
        "smallestVariance": float(f"{smallest_variance(mixture, rows):.3g}"),
    }
    if fresh is not None:
        line["fresh"] = round(mixture.score(fresh), 5)
    return mixture, line


def parameters_of(mixture, line):
    return {
        "name": line["name"],
        "kind": f"scikit-learn, n_init {line['nInit']}, tol {line['tol']:g}",
        "seed": line["seed"],
        "parameters": {
            "weights": mixture.weights_.tolist(),
            "means": mixture.means_.tolist(),
            "covariances": mixture.covariances_.tolist(),
        },
    }


def run_problem(name, folder, out, parameters):
    (problem,) = export_rows(name, folder)
    rows = np.fromfile(Path(folder) / "rows.f64").reshape(-1, problem["d"])
    fresh = np.fromfile(Path(folder) / "fresh.f64").reshape(-1, problem["d"]) if problem["isDrawn"] else None
    for seed in range(SEEDS if len(rows) <= ROWS_FOR_ALL_SEEDS else 1):
        for settings in SETTINGS:
            if settings["n_init"] > 1 and len(rows) > ROWS_FOR_TEN_STARTS:
                continue
            mixture, line = fit(problem, rows, fresh, seed, settings)
            out.write(json.dumps(line, separators=(",", ":")) + "\n")
            parameters.write(json.dumps(parameters_of(mixture, line)) + "\n")
    out.flush()
    parameters.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", default="all", choices=["open", "held", "all"])
    parser.add_argument("--parameters", default="/dev/null")
    parser.add_argument("--out", default=HERE / "scikit-learn.jsonl")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    names = [problem["name"] for problem in export_rows() if options.half in ("all", problem["half"])]
    with open(options.out, "w") as out, open(options.parameters, "w") as parameters:
        for name in names:
            with tempfile.TemporaryDirectory() as folder:
                run_problem(name, folder, out, parameters)
            print(name, flush=True)


if __name__ == "__main__":
    main()
