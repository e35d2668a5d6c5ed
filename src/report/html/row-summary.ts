/**
 * What a report says of all rows, gathered batch by batch, so that nothing of size n × k is ever held: sizes of the
 * components, the columns' ranges, and every row's margin.
 */

/** One column of the data. */
export interface ColumnSummary {
  min: number;
  mean: number;
  /** With n − 1; NaN for one row. */
  deviation: number;
  max: number;
}

/** Of n rows. */
export interface RowSummary {
  nSamples: number;
  /** (k) rows whose likeliest component it is. */
  sizes: number[];
  /** (k) Σᵢ rᵢⱼ. */
  effectiveRows: number[];
  /** (d) */
  columns: ColumnSummary[];
  /** (n) the largest responsibility less the second largest, which is 0 for one component. */
  margins: Float64Array;
  /** (n) the values of the only column, for its histogram; not for several. */
  onlyColumn: Float64Array | undefined;
}

/** Takes rows in order, and tells what they came to. */
export interface RowSummaryBuilder {
  /**
   * @param rows - (m × d) the next rows, row-major
   * @param responsibilities - (m × k) row-major
   */
  add(rows: Float64Array, responsibilities: Float64Array): void;
  finish(): RowSummary;
}

/**
 * @param n - rows there will be
 * @param d - columns
 * @param k - components
 */
export function createRowSummary(n: number, d: number, k: number): RowSummaryBuilder {
  const sizes = new Array<number>(k).fill(0);
  const effectiveRows = new Array<number>(k).fill(0);
  const margins = new Float64Array(n);
  const onlyColumn = d === 1 ? new Float64Array(n) : undefined;
  const min = new Float64Array(d).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(d).fill(Number.NEGATIVE_INFINITY);
  const mean = new Float64Array(d);
  const squares = new Float64Array(d);
  let seen = 0;
  return {
    add(rows, responsibilities) {
      const m = rows.length / d;
      onlyColumn?.set(rows, seen);
      for (let i = 0; i < m; i++) {
        const { label, margin } = judgeRow(responsibilities, i, k);
        margins[seen] = margin;
        sizes[label]++;
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

/** How sure a mixture is of a row. */
export interface Judgement {
  /** The likeliest component; ties go to the lowest. */
  label: number;
  /** The second likeliest, or −1. */
  second: number;
  /** The difference of their probabilities. */
  margin: number;
}

/** @param responsibilities - (· × k) row-major */
export function judgeRow(responsibilities: ArrayLike<number>, i: number, k: number): Judgement {
  let label = 0;
  let second = -1;
  for (let j = 1; j < k; j++) {
    const r = responsibilities[i * k + j];
    if (r > responsibilities[i * k + label]) {
      second = label;
      label = j;
    } else if (second < 0 || r > responsibilities[i * k + second]) second = j;
  }
  const margin = responsibilities[i * k + label] - (second < 0 ? 0 : responsibilities[i * k + second]);
  return { label, second, margin };
}
