/** Reads and checks the noise of a mixture. */

import { logVolumeOf } from '../core/noise-box.js';
import type { Box, Noise } from '../core/parameters.js';
import { describe, type GmmErrorCode } from '../errors.js';
import type { NoiseParametersInput } from '../types.js';
import { flatten, wrong } from './flatten.js';

/** A box that is written with six digits or more has its volume, and right angles, within this. */
const BOX_TOLERANCE = 1e-6;

/**
 * @param value - as the caller wrote it; undefined for none
 * @throws GmmError with `code`, which names the field
 */
export function resolveNoise(value: unknown, d: number, code: GmmErrorCode): Noise | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null) {
    throw wrong(code, `"noise" must be an object with weight and volume, got ${describe(value)}`);
  }
  const { weight, volume, logDensity, box: given } = value as Partial<NoiseParametersInput>;
  if (typeof weight !== 'number' || !(weight >= 0 && weight <= 1)) {
    throw wrong(code, `"noise.weight" must be a number from 0 to 1, got ${describe(weight)}`);
  }
  if ((volume === undefined) === (logDensity === undefined)) {
    const got = volume === undefined ? 'neither' : 'both';
    throw wrong(code, `"noise" must have one of volume and logDensity, got ${got}`);
  }
  if (volume !== undefined && !(typeof volume === 'number' && volume > 0 && Number.isFinite(volume))) {
    throw wrong(code, `"noise.volume" must be a finite number > 0, got ${describe(volume)}`);
  }
  if (logDensity !== undefined && !(typeof logDensity === 'number' && Number.isFinite(logDensity))) {
    throw wrong(code, `"noise.logDensity" must be a finite number, got ${describe(logDensity)}`);
  }
  const density = logDensity ?? -Math.log(volume as number);
  const box = given === undefined ? undefined : resolveBox(given, density, d, code);
  return { weight, logDensity: density, ...(box && { box }) };
}

function resolveBox(value: unknown, logDensity: number, d: number, code: GmmErrorCode): Box {
  if (typeof value !== 'object' || value === null) {
    throw wrong(code, `"noise.box" must be an object with corner and edges, got ${describe(value)}`);
  }
  const given = value as Record<string, unknown>;
  const corner = flatten(given.corner, [d], 'noise.box.corner', code);
  const edges = flatten(given.edges, [d, d], 'noise.box.edges', code);
  const box = { corner, edges };
  const logVolume = logVolumeOf(box);
  if (!(Math.abs(logVolume + logDensity) <= BOX_TOLERANCE * Math.max(1, Math.abs(logDensity)))) {
    const message = `"noise.box" must have the volume of the noise, whose logarithm is ${-logDensity}, got ${logVolume}`;
    throw wrong(code, message);
  }
  const edge = (i: number) => edges.subarray(i * d, (i + 1) * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      const product = edge(i).reduce((sum, part, a) => sum + part * edge(j)[a], 0);
      if (Math.abs(product) <= BOX_TOLERANCE * Math.hypot(...edge(i)) * Math.hypot(...edge(j))) continue;
      throw wrong(code, `"noise.box.edges" must be at right angles, and edges ${j} and ${i} are not`);
    }
  }
  return box;
}
