/** Opens reports in a real Chromium, and records everything that must not happen there. */

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path));

/** A page and its problems: errors and warnings, requests, dialogs, violations of its policy. */
export interface Opened {
  page: Page;
  problems: string[];
}

export interface Opener {
  open(path: string, options?: BrowserContextOptions): Promise<Opened>;
}

/** Tests that need the browser. Without one they are skipped with a warning; with `REQUIRE_BROWSER=1` they fail. */
export function describeInBrowser(name: string, tests: (opener: Opener) => void): void {
  if (executablePath === undefined) {
    const message = `${name}: there is no Chromium; install one, or set CHROMIUM to its path`;
    if (process.env.REQUIRE_BROWSER) {
      describe(name, () => it('needs a browser', () => Promise.reject(new Error(message))));
      return;
    }
    console.warn(`not tested: ${message}`);
    describe.skip(name, () => tests({ open: neverOpen }));
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      // Chromium's sandbox refuses to run as root, as in most containers.
      const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      browser = await chromium.launch({ executablePath, args, timeout: 0 });
    });
    afterAll(() => browser?.close());
    tests({ open: (path, options) => open(browser, path, options) });
  });
}

async function neverOpen(): Promise<never> {
  throw new Error('no Chromium');
}

async function open(browser: Browser, path: string, options?: BrowserContextOptions): Promise<Opened> {
  const url = pathToFileURL(path).href;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  // The test's own limit is enough.
  context.setDefaultTimeout(0);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:'))
      problems.push(`request: ${request.url()}`);
  });
  await page.addInitScript(
    "document.addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective))",
  );
  await page.goto(url);
  return { page, problems };
}
