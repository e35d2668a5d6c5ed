/** Fits other than those of plain Gaussian components by maximum likelihood, for laws that hold for all. */

import type { FitOptions } from '../src/index.js';

export const METHODS: readonly { readonly method: string; readonly options: Partial<FitOptions> }[] = [
  { method: 'noise', options: { noise: true } },
  { method: 't components', options: { components: 't' } },
  {
    method: 'shared degrees of freedom beside noise',
    options: { components: 't', degreesOfFreedom: 'shared', noise: true },
  },
  { method: 'a prior', options: { prior: {} } },
  { method: 'a variational fit', options: { method: 'variational', dropEmpty: true } },
];
