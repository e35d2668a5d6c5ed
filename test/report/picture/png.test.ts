import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { svgToPng } from '../../../src/report/picture/png.js';
import { scatterSvg } from '../../../src/report/picture/scatter.js';
import { createInput } from '../samples.js';

/** Width and height from a PNG's first chunk (PNG specification, 11.2.1). */
function sizeOf(png: Uint8Array): number[] {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

/** The PNG's pixels, 4 bytes each, read by drawing it again. */
function pixelsOf(png: Uint8Array): { width: number; pixels: Uint8Array } {
  const [width, height] = sizeOf(png);
  const uri = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<image width="${width}" height="${height}" href="${uri}"/></svg>`;
  return { width, pixels: new Resvg(svg).render().pixels };
}

/** Dark pixels in a rectangle. */
function countDark(png: Uint8Array, left: number, top: number, right: number, bottom: number): number {
  const { width, pixels } = pixelsOf(png);
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) if (pixels[(y * width + x) * 4] < 100) count++;
  }
  return count;
}

describe('svgToPng', () => {
  it('is a PNG of twice the size, or of the size asked for', async () => {
    const svg = await scatterSvg({ ...createInput(50, 10), width: 300, height: 240 });
    const png = await svgToPng(svg);
    expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect(sizeOf(png)).toEqual([600, 480]);
    expect(sizeOf(await svgToPng(svg, { scale: 1 }))).toEqual([300, 240]);
    expect(sizeOf(await svgToPng(svg, { width: 450 }))).toEqual([450, 360]);
  });

  it('has the text, whatever fonts the machine has', async () => {
    const input = { ...createInput(50, 10), width: 300, height: 240, subtitle: '' };
    const withTitle = await svgToPng(await scatterSvg({ ...input, title: 'HHHHHHHHHH' }));
    const without = await svgToPng(await scatterSvg({ ...input, title: ' ' }));
    // The title's line: 15 pixels high from 9 below the edge, twice as large. Ten bold H have thousands of dark pixels.
    expect(countDark(withTitle, 32, 20, 400, 50)).toBeGreaterThan(1_000);
    expect(countDark(without, 32, 0, 400, 18)).toBe(0);
    const bold = countDark(withTitle, 32, 20, 400, 50);
    const text = '<text x="16" y="24" font-size="15">HHHHHHHHHH</text>';
    const plain = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="240"><rect width="300" height="240" fill="#fff"/>${text}</svg>`;
    expect(countDark(await svgToPng(plain), 32, 20, 400, 50)).toBeLessThan(bold * 0.85);
  });

  it('finds its font from the CommonJS build too', async () => {
    const svg = await scatterSvg({ ...createInput(50, 10), width: 300, height: 240 });
    const script =
      "const { svgToPng } = require('./dist/index.cjs');" +
      "svgToPng(require('node:fs').readFileSync(0, 'utf8')).then((png) => process.stdout.write(png));";
    const png = execFileSync(process.execPath, ['-e', script], {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      input: svg,
    });
    expect(Buffer.compare(png, await svgToPng(svg))).toBe(0);
  });

  it('has the same bits for the same picture', async () => {
    const svg = await scatterSvg(createInput(50, 10));
    expect(Buffer.compare(await svgToPng(svg), await svgToPng(svg))).toBe(0);
  });

  it('names a size out of range and text that is no picture', async () => {
    const svg = await scatterSvg(createInput(50, 10));
    for (const [options, message] of [
      [{ width: 0 }, '"width" must be a whole number from 1 to 16384, got 0'],
      [{ width: 1.5 }, 'got 1.5'],
      [{ scale: 0 }, '"scale" must be above 0 and at most 100, got 0'],
      [{ scale: Number.NaN }, 'got NaN'],
      [{ scale: 50 }, '720 x 540 times 50 has more'],
    ] as const) {
      await expect(svgToPng(svg, options)).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(message),
      });
    }
    await expect(svgToPng('<p>no picture')).rejects.toMatchObject({ code: 'INVALID_DATA' });
  });
});
