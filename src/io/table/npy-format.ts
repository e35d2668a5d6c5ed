/**
 * The format of a NumPy array file: its header, and how its numbers are decoded.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 *   offset | length | content
 *   0      | 6      | \x93NUMPY
 *   6      | 2      | version: 1.0, 2.0 or 3.0
 *   8      | 2 or 4 | length of the header, little-endian; 4 bytes from version 2 on
 *   10, 12 | …      | header, a Python dict: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }
 *   then   |        | the numbers, without gaps
 */

/** What the header says. */
export interface NpyHeader {
  /** NumPy's word for the type of a number, like `<f8`. */
  descr: string;
  fortranOrder: boolean;
  shape: number[];
  /** Offset of the first number. */
  dataOffset: number;
}

/** The header of any array of numbers fits in so many bytes at the beginning of the file. */
export const NPY_HEADER_BYTES = 65536 + 12;

/** Length of the headers that we write: a multiple of 64, as NumPy's, with room for the largest shape. */
const WRITTEN_HEADER_BYTES = 128;

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

/**
 * @param bytes - the first `NPY_HEADER_BYTES` of the file, or all of it
 * @returns the header, or a text that says why it can't be read
 */
export function parseNpyHeader(bytes: Buffer): NpyHeader | string {
  if (bytes.length < 10 || !bytes.subarray(0, 6).equals(MAGIC)) return 'it does not begin like a .npy file';
  const version = bytes[6];
  if (version < 1 || version > 3) return `its version is ${version}.${bytes[7]}; 1.0 to 3.0 are known`;
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? bytes.readUInt16LE(8) : bytes.length < 12 ? Infinity : bytes.readUInt32LE(8);
  if (start + length > bytes.length) return 'its header is cut short';
  const text = bytes.toString(version === 3 ? 'utf8' : 'latin1', start, start + length);
  const descr = /['"]descr['"]\s*:\s*(?:(['"])(.*?)\1|(\[.*?\](?=\s*[,}])))/s.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const shape = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  if (!descr || !order || !shape) return 'its header is damaged';
  return {
    descr: descr[2] ?? descr[3],
    fortranOrder: order[1] === 'True',
    shape: (shape[1].match(/\d+/g) ?? []).map(Number),
    dataOffset: start + length,
  };
}

/**
 * @param nRows - number of rows of the array
 * @param nColumns - number of its columns
 * @returns the header of a float64 array in C order, version 1.0, always of the same length
 */
export function formatNpyHeader(nRows: number, nColumns: number): Buffer {
  const dict = `{'descr': '<f8', 'fortran_order': False, 'shape': (${nRows}, ${nColumns}), }`;
  const bytes = Buffer.alloc(WRITTEN_HEADER_BYTES, ' ');
  MAGIC.copy(bytes);
  bytes[6] = 1;
  bytes[7] = 0;
  bytes.writeUInt16LE(WRITTEN_HEADER_BYTES - 10, 8);
  bytes.write(dict, 10, 'latin1');
  bytes[WRITTEN_HEADER_BYTES - 1] = 0x0a;
  return bytes;
}

/** How numbers of one type are read. */
export interface NpyNumbers {
  byteLength: number;
  /** @param bytes - in/out: a multiple of `byteLength`, at offset 0 of its buffer; it may be overwritten */
  decode(bytes: Buffer): ArrayLike<number>;
}

const DECODERS = new Map<string, (buffer: ArrayBufferLike, length: number) => ArrayLike<number>>([
  ['f8', (buffer, length) => new Float64Array(buffer, 0, length)],
  ['f4', (buffer, length) => new Float32Array(buffer, 0, length)],
  ['i1', (buffer, length) => new Int8Array(buffer, 0, length)],
  ['i2', (buffer, length) => new Int16Array(buffer, 0, length)],
  ['i4', (buffer, length) => new Int32Array(buffer, 0, length)],
  ['i8', (buffer, length) => Float64Array.from(new BigInt64Array(buffer, 0, length), Number)],
  ['u1', (buffer, length) => new Uint8Array(buffer, 0, length)],
  ['u2', (buffer, length) => new Uint16Array(buffer, 0, length)],
  ['u4', (buffer, length) => new Uint32Array(buffer, 0, length)],
  ['u8', (buffer, length) => Float64Array.from(new BigUint64Array(buffer, 0, length), Number)],
]);

/** Most machines are little-endian. On others, such as s390x, numbers marked `<` must be swapped instead of those marked `>`. */
const HOST_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * @param descr - NumPy's word for the type
 * @returns how to read it; undefined if it is not float32, float64 or an integer type
 */
export function npyNumbers(descr: string): NpyNumbers | undefined {
  const kind = descr.replace(/^[<>=|]/, '');
  const decoder = DECODERS.get(kind);
  if (!decoder) return undefined;
  const byteLength = Number(kind[1]);
  const foreign = descr.startsWith(HOST_IS_LITTLE ? '>' : '<');
  const decode = (bytes: Buffer) => {
    if (foreign && byteLength === 2) bytes.swap16();
    if (foreign && byteLength === 4) bytes.swap32();
    if (foreign && byteLength === 8) bytes.swap64();
    return decoder(bytes.buffer, bytes.length / byteLength);
  };
  return { byteLength, decode };
}
