/* Armadillo's gmm_full and gmm_diag from given parameters; see ../peers.mjs for arguments and output. Without arguments: its
   version. */

#include <armadillo>
#include <chrono>
#include <cstdlib>
#include <string>

#include "peak-memory.h"

using namespace arma;

static vec start;
static uword d, k;

static mat start_means() { return mat(start.memptr() + k, d, k); }

static void set_start(gmm_full &model) {
  model.set_params(start_means(), cube(start.memptr() + k + k * d, d, d, k), start.head(k).t());
}

static void set_start(gmm_diag &model) {
  const cube covariances(start.memptr() + k + k * d, d, d, k);
  mat diagonals(d, k);
  for (uword j = 0; j < k; ++j) diagonals.col(j) = covariances.slice(j).diag();
  model.set_params(start_means(), diagonals, start.head(k).t());
}

template <typename Model>
static double fit(Model &model, const mat &rows, uword iterations) {
  set_start(model);
  const auto begin = std::chrono::steady_clock::now();
  if (!model.learn(rows, k, maha_dist, keep_existing, 0, iterations, 0, false)) std::exit(1);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

template <typename Model>
static void run(const mat &rows, uword passes) {
  Model model;
  fit(model, rows, 1);
  const double first = fit(model, rows, 1);
  const double last = fit(model, rows, 1 + passes);
  std::printf("{\"first\": %.6f, \"last\": %.6f, \"meanLogLikelihood\": %.17g, \"peakBytes\": %.0f}\n", first, last,
              model.avg_log_p(rows), peak_bytes());
}

int main(int argc, char **argv) {
  if (argc == 1) {
    std::cout << arma_version::as_string() << '\n';
    return 0;
  }
  const uword n = std::strtoull(argv[3], nullptr, 10);
  d = std::strtoull(argv[4], nullptr, 10);
  k = std::strtoull(argv[5], nullptr, 10);
  const uword passes = std::strtoull(argv[7], nullptr, 10);
  // Columns are samples: row-major rows as they are.
  mat rows;
  rows.load(argv[1], raw_binary);
  rows.reshape(d, n);
  start.load(argv[2], raw_binary);
  if (std::string(argv[6]) == "diag") run<gmm_diag>(rows, passes);
  else run<gmm_full>(rows, passes);
}
