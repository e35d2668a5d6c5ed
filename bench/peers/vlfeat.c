/*
 * VLFeat's vl_gmm, diagonal covariances in double precision, from given parameters; see ../peers.mjs for arguments
 * and output. Its M-step leaves out responsibilities below 0.01 / k: its log-likelihood is a little off for that.
 * Without arguments: its version.
 */

#include <stdlib.h>
#include <time.h>
#include <vl/generic.h>
#include <vl/gmm.h>

#include "peak-memory.h"

static double *read_doubles(const char *path, size_t length) {
  double *numbers = malloc(length * sizeof(double));
  FILE *file = fopen(path, "rb");
  if (!numbers || !file || fread(numbers, sizeof(double), length, file) != length) exit(1);
  fclose(file);
  return numbers;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc == 1) {
    puts(vl_get_version_string());
    return 0;
  }
  const size_t n = strtoull(argv[3], NULL, 10), d = strtoull(argv[4], NULL, 10), k = strtoull(argv[5], NULL, 10);
  const int passes = atoi(argv[7]);
  const double *rows = read_doubles(argv[1], n * d);
  const double *start = read_doubles(argv[2], k + k * d + k * d * d);
  double *variances = malloc(k * d * sizeof(double));
  for (size_t j = 0; j < k; ++j)
    for (size_t a = 0; a < d; ++a) variances[j * d + a] = start[k + k * d + (j * d + a) * d + a];

  double seconds[3], log_likelihood = 0;
  for (int run = 0; run < 3; ++run) {
    VlGMM *gmm = vl_gmm_new(VL_TYPE_DOUBLE, d, k);
    vl_gmm_set_initialization(gmm, VlGMMCustom);
    vl_gmm_set_covariance_lower_bound(gmm, 0);
    vl_gmm_set_max_num_iterations(gmm, run < 2 ? 1 : 1 + passes);
    vl_gmm_set_priors(gmm, start);
    vl_gmm_set_means(gmm, start + k);
    vl_gmm_set_covariances(gmm, variances);
    const double begin = now();
    log_likelihood = vl_gmm_em(gmm, rows, n);
    seconds[run] = now() - begin;
    vl_gmm_delete(gmm);
  }
  printf("{\"first\": %.6f, \"last\": %.6f, \"meanLogLikelihood\": %.17g, \"peakBytes\": %.0f}\n", seconds[1],
         seconds[2], log_likelihood / n, peak_bytes());
  return 0;
}
