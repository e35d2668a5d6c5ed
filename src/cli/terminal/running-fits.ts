/** The running fits of a call, as its events tell: the progress of each, and of the whole call. */

import type { FitEvent, FitStartEvent, IterationEvent, ProgressEvent } from '../../index.js';

/** A fit that passes over rows. */
export interface RunningFit {
  readonly name: string;
  /** Share of the fit that is done, in [0, 1]. */
  share: number;
  /** Start, iteration and what is maximised, for a person. */
  text: string;
}

export interface RunningFits {
  follow(event: ProgressEvent): void;
  /** Fits with an iteration event and without an end event, the longest running first. */
  readonly running: readonly RunningFit[];
  /** Share of the whole call that is done, in [0, 1]. */
  share(): number;
  /** `3 of 36 models`; empty for a single fit. */
  readonly counted: string;
}

export function createRunningFits(): RunningFits {
  const fits = new Map<string, RunningFit>();
  const starts = new Map<string, FitStartEvent>();
  let ended = 0;
  let counted = '';
  return {
    follow(event) {
      if (event.type === 'sweep') {
        counted = `${event.done} of ${event.total} models`;
        ended = event.share;
        return;
      }
      const name = nameOf(event);
      if (event.type === 'fit-start') {
        starts.set(name, event);
      } else if (event.type === 'iteration') {
        const fit = fits.get(name) ?? { name, share: 0, text: '' };
        fit.share = event.share;
        fit.text = describeIteration(event, starts.get(name));
        fits.set(name, fit);
      } else {
        fits.delete(name);
      }
    },
    get running() {
      return [...fits.values()];
    },
    share() {
      let sum = ended;
      for (const { name, share } of fits.values()) sum += (starts.get(name)?.costShare ?? 0) * share;
      return Math.min(1, sum);
    },
    get counted() {
      return counted;
    },
  };
}

function nameOf({ nComponents, covarianceType, hasNoise }: FitEvent): string {
  return `k = ${nComponents} ${covarianceType}${hasNoise ? ' with noise' : ''}`;
}

function describeIteration(
  { phase, start, iteration, meanLogLikelihood }: IterationEvent,
  fit: FitStartEvent | undefined,
): string {
  const nInit = fit?.nInit ?? 1;
  const which = phase === 'trial' && nInit > 1 ? `start ${start + 1} of ${nInit}, ` : '';
  const what = fit?.method === 'variational' ? 'lower bound per row' : 'mean log-likelihood';
  return `${which}iteration ${iteration}, ${what} ${meanLogLikelihood.toFixed(6)}`;
}
