/**
 * Statistics of all rows for a report: sizes of the components, ranges of the columns, and the margin of every row. They are
 * gathered batch by batch, so nothing of size n × k is kept in memory.
 */

import { judgeRow, NOISE_LABEL } from '../chart/certainty.js';

/** One column of the data. */
export interface ColumnSummary {
  min: number;
  mean: number;
  /** With the divisor n − 1; NaN for a single row. */
  deviation: number;
  max: number;
}

/** Statistics of n rows. */
export interface RowSummary {
  nSamples: number;
  /** (k) number of rows whose likeliest component it is. */
  sizes: number[];
  /** Number of rows that are likelier noise than of any component. */
  noiseSize: number;
  /** (k) Σᵢ rᵢⱼ. */
  effectiveRows: number[];
  /** (d) */
  columns: ColumnSummary[];
  /** (n) the largest probability minus the second largest, which is 0 for a single component. */
  margins: Float64Array;
  /** (n) the values of the only column, for its histogram; `undefined` for several columns. */
  onlyColumn: Float64Array | undefined;
}

/** Takes the rows in order. */
export interface RowSummaryBuilder {
  /**
   * @param rows - (m × d) the next rows, row-major
   * @param responsibilities - (m × k) row-major
   */
  add(rows: Float64Array, responsibilities: Float64Array): void;
  finish(): RowSummary;
}

/**
 * @param n - number of rows
 * @param d - columns
 * @param k - components
 * @param hasNoise - whether the rest to 1 of the responsibilities is the probability of noise
 */
export function createRowSummary(n: number, d: number, k: number, hasNoise = false): RowSummaryBuilder {
  const sizes = new Array<number>(k).fill(0);
  const effectiveRows = new Array<number>(k).fill(0);
  const margins = new Float64Array(n);
  const onlyColumn = d === 1 ? new Float64Array(n) : undefined;
  const min = new Float64Array(d).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(d).fill(Number.NEGATIVE_INFINITY);
  const mean = new Float64Array(d);
  const squares = new Float64Array(d);
  let seen = 0;
  let noiseSize = 0;
  return {
    add(rows, responsibilities) {
      const m = rows.length / d;
      onlyColumn?.set(rows, seen);
      for (let i = 0; i < m; i++) {
        const { label, margin } = judgeRow(responsibilities, i, k, hasNoise);
        margins[seen] = margin;
        if (label === NOISE_LABEL) noiseSize++;
        else sizes[label]++;
        for (let j = 0; j < k; j++) effectiveRows[j] += responsibilities[i * k + j];
        seen++;
        // Welford (1962): stable for data far from zero.
        for (let a = 0; a < d; a++) {
          const value = rows[i * d + a];
          if (value < min[a]) min[a] = value;
          if (value > max[a]) max[a] = value;
          const off = value - mean[a];
          mean[a] += off / seen;
          squares[a] += off * (value - mean[a]);
        }
      }
    },
    finish: () => ({
      nSamples: seen,
      sizes,
      noiseSize,
      effectiveRows,
      columns: Array.from(mean, (value, a) => ({
        min: min[a],
        mean: value,
        deviation: Math.sqrt(squares[a] / (seen - 1)),
        max: max[a],
      })),
      margins,
      onlyColumn,
    }),
  };
}
