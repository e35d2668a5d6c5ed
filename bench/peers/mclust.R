# R's mclust, `em` from given parameters; see ../peers.mjs for arguments and output.

suppressMessages(library(mclust))

arguments <- commandArgs(trailingOnly = TRUE)
n <- as.integer(arguments[3])
d <- as.integer(arguments[4])
k <- as.integer(arguments[5])
model <- c(full = "VVV", tied = "EEE", diag = "VVI", spherical = "VII")[[arguments[6]]]
passes <- as.integer(arguments[7])
rows <- matrix(readBin(arguments[1], "double", n * d), n, d, byrow = TRUE)
start <- readBin(arguments[2], "double", k + k * d + k * d * d)
sigma <- array(start[(k + k * d + 1):length(start)], c(d, d, k))
diagonals <- matrix(apply(sigma, 3, diag), d, k)
scale <- apply(diagonals, 2, function(v) prod(v)^(1 / d))
variance <- list(modelName = model, d = d, G = k, sigma = sigma)
variance <- c(variance, switch(model,
  VVV = list(cholsigma = array(apply(sigma, 3, chol), c(d, d, k))),
  EEE = list(Sigma = sigma[, , 1], cholSigma = chol(sigma[, , 1])),
  VVI = list(scale = scale, shape = sweep(diagonals, 2, scale, "/")),
  VII = list(sigmasq = diagonals[1, ])
))
parameters <- list(pro = start[1:k], mean = matrix(start[(k + 1):(k + k * d)], d, k), variance = variance)

fit <- function(iterations) {
  control <- emControl(itmax = iterations, tol = 0)
  begin <- proc.time()[["elapsed"]]
  model <- em(modelName = model, data = rows, parameters = parameters, control = control, warn = FALSE)
  list(seconds = proc.time()[["elapsed"]] - begin, model = model)
}

invisible(fit(1L))
first <- fit(1L)
first$model <- NULL
last <- fit(1L + passes)
stopifnot(abs(attr(last$model, "info")[["iterations"]]) == 1 + passes)
status <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
cat(sprintf(
  '{"first": %.6f, "last": %.6f, "meanLogLikelihood": %.17g, "peakBytes": %.0f}\n',
  first$seconds, last$seconds, last$model$loglik / n, 1024 * as.numeric(gsub("\\D", "", status))
))
