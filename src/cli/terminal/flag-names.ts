/** The library speaks of options, the command of flags. */

/** The library's names of options → their flags; for messages. */
export const FLAG_OF: Readonly<Record<string, string>> = {
  nComponents: '-k',
  covarianceType: '--covariance',
  covarianceTypes: '--covariance',
  criterion: '--criterion',
  init: '--init',
  nInit: '--n-init',
  convergence: '--convergence',
  tol: '--tol',
  maxIter: '--max-iter',
  acceleration: '--acceleration',
  equalWeights: '--equal-weights',
  covarianceFloor: '--covariance-floor',
  regCovar: '--reg-covar',
  seed: '--seed',
  threads: '--threads',
  checkpoint: '--checkpoint',
  columns: '--columns',
  keep: '--keep',
  escapeFormulas: '--escape-formulas',
  sampleWeight: '--weights',
  sql: '--sql',
  delimiter: '--delimiter',
  decimalComma: '--decimal-comma',
  header: '--header',
  storage: '--storage',
  n: '-n',
};

/** What the library advises, in flags: `lower nComponents (now 9)` → `lower -k (now 9)`. */
export function flagAdvice(message: string): string {
  return message.replace(/\b(lower|raise|set|use) (\w+)/g, (whole, verb, name) =>
    FLAG_OF[name] ? `${verb} ${FLAG_OF[name]}` : whole,
  );
}

/** What a file of start values may hold; a model file also says of which kind it is. */
export const INIT_FIELDS: readonly string[] = [
  'weights',
  'means',
  'covariances',
  'labels',
  'responsibilities',
];
