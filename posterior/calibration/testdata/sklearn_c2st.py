"""The classifier two-sample test of the benchmark of simulation-based inference, by scikit-learn, on normal distributions.

Writes sklearn_c2st.json: for each problem the accuracies of several seeds, each with samples of its own. "shift" moves the first
coordinate, "correlation" couples the first two of the second set.

    python3 -m venv venv && venv/bin/pip install scikit-learn && OMP_NUM_THREADS=1 venv/bin/python sklearn_c2st.py
"""
import json
import os

import numpy as np
import sklearn
from sklearn.model_selection import KFold, cross_val_score
from sklearn.neural_network import MLPClassifier

PROBLEMS = [  # dimensions, samples of each set, shift, correlation, seeds
    (2, 1000, 0.0, 0.0, 2),
    (2, 1000, 1.0, 0.0, 2),
    (2, 1000, 0.0, 0.9, 2),
    (10, 80, 1.5, 0.0, 2),
]


def sets(d, n, shift, correlation, seed):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(n, d)), rng.normal(size=(n, d))
    b[:, 1] = correlation * b[:, 0] + np.sqrt(1 - correlation**2) * b[:, 1]
    b[:, 0] += shift
    return a, b


def score(a, b, seed):
    mean, deviation = a.mean(0), a.std(0, ddof=1)
    rows = np.concatenate([(a - mean) / deviation, (b - mean) / deviation]).astype(np.float32)
    labels = np.repeat([0, 1], [len(a), len(b)])
    width = 10 * a.shape[1]
    classifier = MLPClassifier(hidden_layer_sizes=(width, width), activation="relu", solver="adam", max_iter=10000, random_state=seed)
    folds = KFold(n_splits=5, shuffle=True, random_state=seed)
    return cross_val_score(classifier, rows, labels, cv=folds, scoring="accuracy").mean()


problems = []
for d, n, shift, correlation, seeds in PROBLEMS:
    found = [round(float(score(*sets(d, n, shift, correlation, seed), seed)), 5) for seed in range(1, seeds + 1)]
    problems.append({"dimensions": d, "samples": n, "shift": shift, "correlation": correlation, "accuracies": found})
    print(problems[-1], flush=True)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "sklearn_c2st.json"), "w") as f:
        json.dump({"scikit-learn": sklearn.__version__, "problems": problems}, f, indent=1)
        f.write("\n")
