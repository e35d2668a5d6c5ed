"""Writes the tables of scikit-learn that the bench uses, as CSV: python3 export.py (in this folder)."""

import numpy as np
from sklearn import datasets
from sklearn.decomposition import PCA


def save(name, rows, columns):
    np.savetxt(f"{name}.csv", rows, delimiter=",", header=",".join(columns), comments="", fmt="%.10g")


def columns_of(table):
    return [name.replace(" ", "_").replace("/", "_") for name in table.feature_names]


for name, table in {
    "wine": datasets.load_wine(),
    "wdbc": datasets.load_breast_cancer(),
    "diabetes": datasets.load_diabetes(scaled=False),
}.items():
    save(name, table.data, columns_of(table))

linnerud = datasets.load_linnerud()
save("linnerud", np.hstack([linnerud.data, linnerud.target]), columns_of(linnerud) + linnerud.target_names)

digits = PCA(16, svd_solver="full").fit_transform(datasets.load_digits().data)
save("digits", digits, [f"pc{i + 1}" for i in range(16)])
