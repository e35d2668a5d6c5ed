/* Most memory that this process has held, in bytes. */

#include <stdio.h>

static double peak_bytes(void) {
  char line[256];
  double kibibytes = 0;
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status)) {
    if (sscanf(line, "VmHWM: %lf", &kibibytes) == 1) break;
  }
  if (status) fclose(status);
  return 1024 * kibibytes;
}
