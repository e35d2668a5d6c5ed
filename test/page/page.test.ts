import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import type * as Package from '../../src/index.js';
import { writeSvg } from '../../src/report/chart/write-svg.js';
import type { PageData } from '../../src/report/page/page-data.js';
import { drawRows } from '../../src/report/page/rows-chart.js';
import { createFolder, FAITHFUL, IRIS, run } from '../cli/command.js';
import { Dataset, GaussianMixture } from '../package.js';
import { describeInBrowser } from './browser.js';

/** WCAG 2.2, AA, for text of ordinary size. */
const ENOUGH_CONTRAST = 4.5;
/** Probabilities in the page have six decimals. */
const SIX_DECIMALS = 1e-6;
/** Width of A4 less margins of 15 mm, in pixels of 1/96 inch. */
const PAPER_WIDTH = 680;

/** Code that runs in the page, where the names of the test are unknown. */
const BACKGROUND = 'getComputedStyle(document.body).backgroundColor';
const FORBIDDEN_SCRIPT = `(() => {
  const script = document.createElement('script');
  script.textContent = 'window.ran = true';
  document.body.append(script);
  return window.ran ?? false;
})()`;
const MEASURE_CONTRASTS = readFileSync(new URL('measure-contrasts.js', import.meta.url), 'utf8');

interface Contrast {
  text: string;
  contrast: number;
}

const HOSTILE_NAMES = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(2)</script>',
  '__proto__',
  `"quoted" & 'single'`,
  'two\nlines',
  `${'long'.repeat(40)}`,
];

const folder = createFolder();
const at = (name: string) => join(folder, name);
let iris: Package.Dataset;
let irisModel: Package.GaussianMixture;

async function command(...args: string[]): Promise<void> {
  const { code, stderr } = await run(args, { cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

function loadModel(name: string): Package.GaussianMixture {
  return GaussianMixture.fromJSON(JSON.parse(readFileSync(at(name), 'utf8')));
}

function writeHostile(): void {
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const lines = [HOSTILE_NAMES.map(quote).join(',')];
  for (let i = 0; i < 60; i++) {
    lines.push(
      HOSTILE_NAMES.map((_, a) => (i % 2) * 3 + Math.sin(i * (a + 1.3)) + Math.cos(i * i * (a + 0.7))).join(
        ',',
      ),
    );
  }
  writeFileSync(at('<b>&.csv'), `${lines.join('\n')}\n`);
}

/** Number of drawn dots. */
async function countDots(page: Page): Promise<number> {
  return page.$$eval('#chart .dots path', (paths) =>
    paths.reduce((sum, path) => sum + (path.getAttribute('d') ?? '').split('M').length - 1, 0),
  );
}

/** Place of a value on an axis, in pixels, from the labels of the axis. */
async function pixelOf(page: Page, axis: 'x' | 'y', value: number): Promise<number> {
  const ticks = await page.$$eval(
    `#chart .${axis}-axis text`,
    (labels, name) => {
      return labels.map((label) => ({
        value: Number((label.textContent ?? '').replace('−', '-')),
        // The baseline of a label is 4 pixels below its tick.
        at: Number(label.getAttribute(name)) - (name === 'y' ? 4 : 0),
      }));
    },
    axis,
  );
  const [first, last] = [ticks[0], ticks[ticks.length - 1]];
  return first.at + ((value - first.value) / (last.value - first.value)) * (last.at - first.at);
}

async function column(page: Page, n: number): Promise<number[]> {
  const texts = await page.$$eval(`#fringe-table tbody tr > :nth-child(${n})`, (cells) =>
    cells.map((cell) => cell.textContent ?? ''),
  );
  return texts.map((text) => Number(text.replace('−', '-')));
}

async function cardRow(page: Page): Promise<string | null> {
  return page.textContent('#card h3');
}

describeInBrowser('the page of a report', ({ open }) => {
  beforeAll(async () => {
    writeHostile();
    await Promise.all([
      command('select', FAITHFUL, '-k', '1..3', '--report', 'faithful.html', '--quiet'),
      command('fit', IRIS, '-k', '3', '--report', 'iris.html', '--model', 'iris.json', '--quiet'),
      command('fit', '<b>&.csv', '-k', '2', '--report', 'hostile.html', '--quiet'),
      command('fit', FAITHFUL, '--columns', 'waiting', '-k', '2', '--report', 'one.html', '--quiet'),
    ]);
    await command('sample', 'iris.json', '-n', '20000', '-o', 'many.csv', '--quiet');
    await command('report', 'iris.json', 'many.csv', '-o', 'many.html', '--margin', '0.505', '--quiet');
    irisModel = loadModel('iris.json');
    iris = await Dataset.read(IRIS);
  });

  it('runs its own script, loads nothing, and may run no other script', async () => {
    for (const name of ['faithful.html', 'iris.html', 'one.html', 'many.html']) {
      const { page, problems } = await open(at(name));
      expect(await page.isVisible('#card')).toBe(true);
      expect(problems).toEqual([]);
      const ran = await page.evaluate(FORBIDDEN_SCRIPT);
      expect(ran).toBe(false);
      await expect
        .poll(() => problems.some((problem) => problem.startsWith('policy: script-src')))
        .toBe(true);
      await page.context().close();
    }
  });

  it('shows names out of a file as text, whatever they hold', async () => {
    const { page, problems } = await open(at('hostile.html'), { viewport: { width: 375, height: 800 } });
    const shown = HOSTILE_NAMES.map((name) => name.replace('\n', ' '));
    expect(await page.$$eval('#x-column option', (options) => options.map((one) => one.textContent))).toEqual(
      shown,
    );
    for (let a = 0; a < shown.length; a++) {
      await page.selectOption('#y-column', String(a));
      const label = await page.textContent('#chart .y-name');
      const [start, end = ''] = (label ?? '').split('…');
      expect(start.length).toBeGreaterThan(5);
      expect(shown[a].startsWith(start) && shown[a].endsWith(end)).toBe(true);
    }
    expect(await page.textContent('.lead')).toMatch(/^<b>&\.csv: 60 rows/);
    expect(await page.$$('img, b, script:not([type])')).toHaveLength(1);
    await page.hover('#chart svg', { position: { x: 150, y: 150 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    expect(problems).toEqual([]);
  });

  it('creates the same chart from elements as Node.js writes as markup', async () => {
    for (const name of ['iris.html', 'one.html']) {
      const { page } = await open(at(name));
      const data = JSON.parse((await page.textContent('#data')) ?? '') as PageData;
      const [width, height] = await page.$eval('#chart svg', (chart) =>
        ['width', 'height'].map((side) => Number(chart.getAttribute(side))),
      );
      const view = { x: data.x, y: data.y, margin: data.fringeMargin, onlyFringe: false, width, height };
      const markup = writeSvg(drawRows(data, view).root);
      const isEqual = await page.$eval(
        '#chart svg',
        (chart, text) => {
          const holder = chart.ownerDocument.createElement('div');
          holder.innerHTML = text;
          return holder.firstChild?.isEqualNode(chart);
        },
        markup,
      );
      expect(isEqual).toBe(true);
      await page.context().close();
    }
  });

  it('draws the columns that are chosen, and swaps them rather than draw one against itself', async () => {
    const { page, problems } = await open(at('iris.html'));
    const labels = async () => [await page.textContent('.x-name'), await page.textContent('.y-name')];
    expect(await labels()).toEqual(['sepal_length', 'sepal_width']);
    await page.selectOption('#x-column', { label: 'petal_length' });
    expect(await labels()).toEqual(['petal_length', 'sepal_width']);
    await page.selectOption('#y-column', { label: 'petal_length' });
    expect(await labels()).toEqual(['sepal_width', 'petal_length']);
    expect(await page.inputValue('#x-column')).toBe('1');
    expect(problems).toEqual([]);
  });

  it('shows only the fringe of the margin that is set', async () => {
    const { page, problems } = await open(at('iris.html'));
    expect(await countDots(page)).toBe(150);
    await page.check('#only-fringe');
    for (const margin of [0.5, 0.9, 0.99, 1, 0]) {
      await page.fill('#margin', String(margin));
      const fringe = await irisModel.fringe(iris, { margin });
      expect(await countDots(page)).toBe(fringe.length);
      expect(await page.textContent('#shown')).toContain(`${fringe.length} of ${fringe.length} row`);
    }
    await page.uncheck('#only-fringe');
    expect(await countDots(page)).toBe(150);
    expect(problems).toEqual([]);
  });

  it('draws a sample of many rows and counts all of them', async () => {
    const { page } = await open(at('many.html'));
    const many = await Dataset.read(at('many.csv'), { columns: irisModel.columns });
    const fringe = async (margin: number) =>
      (await irisModel.fringe(many, { margin })).length.toLocaleString('en-US');
    expect(await countDots(page)).toBe(6000);
    expect(await page.textContent('#shown')).toBe(
      `6,000 of 20,000 rows shown, ${await fringe(0.505)} of all with a margin below 0.505.`,
    );
    await page.fill('#margin', '0.8');
    expect(await page.textContent('#shown')).toBe(
      `6,000 of 20,000 rows shown, ${await fringe(0.8)} of all with a margin below 0.8.`,
    );
    const closest = await irisModel.fringe(many, { margin: 0.505 });
    expect(await column(page, 1)).toEqual(Array.from(closest.subarray(0, 200)));
  });

  it('tells the probabilities of the row that is pointed at', async () => {
    const { page, problems } = await open(at('iris.html'));
    const proba = await irisModel.predictProba(iris);
    await page.selectOption('#x-column', '2');
    for (const i of [14, 41, 118, 131]) {
      const row = iris.row(i);
      const position = { x: await pixelOf(page, 'x', row[2]), y: await pixelOf(page, 'y', row[1]) };
      await page.hover('#chart svg', { position });
      expect(await cardRow(page)).toBe(`Row ${i}`);
      const shown = await page.$$eval('#card .probability', (lines) =>
        lines.map((line) => ({
          component: Number(line.getAttribute('data-component')),
          probability: Number(line.getAttribute('data-probability')),
        })),
      );
      expect(shown).toHaveLength(3);
      let sum = 0;
      for (const { component, probability } of shown) {
        sum += probability;
        const expected = proba[3 * i + component];
        expect(Math.abs(probability - expected)).toBeLessThan(SIX_DECIMALS);
      }
      expect(Math.abs(sum - 1)).toBeLessThan(3 * SIX_DECIMALS);
      expect(await page.textContent('#card dl')).toContain(`petal_length${row[2]}`);
    }
    expect(problems).toEqual([]);
  });

  it('sorts the fringe by any column, up and down', async () => {
    const { page } = await open(at('many.html'));
    const heads = await page.$$('#fringe-table th[data-key]');
    expect(heads).toHaveLength(10);
    expect(await page.$$eval('[aria-sort]', (all) => all.map((one) => one.textContent))).toEqual(['margin']);
    for (const n of [1, 4, 7, 10]) {
      const before = await column(page, n);
      for (const direction of ['ascending', 'descending']) {
        await page.click(`#fringe-table th:nth-child(${n}) button`);
        const sign = direction === 'ascending' ? 1 : -1;
        expect(await column(page, n)).toEqual([...before].sort((a, b) => sign * (a - b)));
        expect(await page.getAttribute(`#fringe-table th:nth-child(${n})`, 'aria-sort')).toBe(direction);
      }
      expect(await page.$$('[aria-sort]')).toHaveLength(1);
    }
  });

  it('is used by keyboard: rows of the fringe, points of the chart, headings, controls', async () => {
    const { page, problems } = await open(at('many.html'));
    const ties = await column(page, 1);
    await page.focus('#fringe-table tbody button');
    await page.keyboard.press('Enter');
    expect(await cardRow(page)).toBe(`Row ${ties[0]}`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await cardRow(page)).toBe(`Row ${ties[2]}`);
    expect(await page.textContent('tr.chosen th')).toBe(String(ties[2]));
    expect(await page.evaluate('document.activeElement.textContent')).toBe(String(ties[2]));
    await page.keyboard.press('End');
    expect(await cardRow(page)).toBe(`Row ${ties[199]}`);
    expect(await page.$$('#chart .selected')).toHaveLength(1);
    const outline = () => page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(await outline()).toBe('solid');

    await page.focus('#chart');
    await page.keyboard.press('Escape');
    expect(await page.$$('#chart .selected')).toHaveLength(0);
    await page.keyboard.press('ArrowRight');
    const leftmost = await cardRow(page);
    await page.keyboard.press('ArrowRight');
    expect(await cardRow(page)).not.toBe(leftmost);
    await page.keyboard.press('ArrowLeft');
    expect(await cardRow(page)).toBe(leftmost);
    expect(await outline()).toBe('solid');

    // From the start every control is reached by Tab.
    await page.focus('#x-column');
    const reached: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate('document.activeElement.id'));
    }
    expect(reached).toEqual(['y-column', 'margin', 'only-fringe', 'chart']);
    await page.focus('#fringe-table th button');
    await page.keyboard.press('Space');
    expect(await column(page, 1)).toEqual([...ties].sort((a, b) => a - b));
    expect(problems).toEqual([]);
  });

  it('can be read in the light and in the dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open(at('faithful.html'), { colorScheme });
      const background = await page.evaluate(BACKGROUND);
      expect(background === 'rgb(255, 255, 255)').toBe(colorScheme === 'light');
      await page.hover('#fringe-table tbody tr');
      await page.click('#fringe-table tbody button');
      await page.click('summary');
      const [worst] = (await page.evaluate<Contrast[]>(MEASURE_CONTRASTS)).sort(
        (a, b) => a.contrast - b.contrast,
      );
      expect(worst.contrast, worst.text).toBeGreaterThanOrEqual(ENOUGH_CONTRAST);
      await page.context().close();
    }
  });

  it('fits a phone, wide tables in frames of their own', async () => {
    for (const name of ['faithful.html', 'one.html']) {
      const { page } = await open(at(name), { viewport: { width: 375, height: 800 }, hasTouch: true });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
      const { width } = (await page.locator('#chart svg').boundingBox()) as { width: number };
      expect(width).toBeGreaterThan(330);
      // Frames that hide part of their table can be reached and scrolled with the keyboard; others are skipped.
      const frames = () =>
        page.$$eval('section > .frame', (all) =>
          all.map((one) => [one.scrollWidth > one.clientWidth, one.getAttribute('tabindex') === '0']),
        );
      await expect
        .poll(async () => (await frames()).filter(([isCut, isStop]) => isCut !== isStop))
        .toEqual([]);
      const nStops = (await frames()).filter(([, isStop]) => isStop).length;
      expect(nStops).toBeGreaterThan(0);
      expect(nStops).toBeLessThan((await frames()).length);
      await page.tap('#chart svg', { position: { x: width / 2, y: 150 } });
      await page.context().close();
    }
  });

  it('prints as it stands: nothing cut, nothing folded, no controls', async () => {
    for (const name of ['faithful.html', 'iris.html', 'hostile.html']) {
      const viewport = { width: PAPER_WIDTH, height: 900 };
      const { page } = await open(at(name), { viewport, colorScheme: 'dark' });
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate(BACKGROUND)).toBe('rgb(255, 255, 255)');
      expect(await page.isVisible('#controls')).toBe(false);
      expect(await page.isVisible('#card')).toBe(false);
      expect(await page.isVisible('#chart .dots')).toBe(true);
      expect(await page.isVisible('details table')).toBe(true);
      const ends = await page.$$eval('table, svg', (all) =>
        all.map((one) => one.getBoundingClientRect().right),
      );
      expect(ends.length).toBeGreaterThan(4);
      expect(ends.filter((end) => end > PAPER_WIDTH)).toEqual([]);
      await page.context().close();
    }
  });

  it('has its tables and charts without JavaScript', async () => {
    const { page } = await open(at('faithful.html'), { javaScriptEnabled: false });
    expect(await page.isVisible('#controls')).toBe(false);
    expect(await page.locator('#chart .wide .dots').first().isVisible()).toBe(true);
    expect(await page.locator('.criterion .wide svg').isVisible()).toBe(true);
    expect(await page.locator('tr.best').isVisible()).toBe(true);
    expect(await page.locator('button').count()).toBe(0);
    expect(await page.locator('#shown').textContent()).toMatch(/^272 rows shown, \d+ of all/);
  });
});
