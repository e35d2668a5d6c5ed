/**
 * Prints the numbers of a run of the tests from vitest's JSON report, and the names of skipped tests:
 *
 *   node tally.mjs <report.json>
 *
 * A skipped test counts as failed, so that nothing goes untested unnoticed. Two tests are exceptions: one needs root, the
 * other an ordinary user. The exit code is 1 if a test failed, or if none ran.
 */

import { readFileSync } from 'node:fs';

const NEEDS_OTHER_USER =
  process.getuid?.() === 0 ? 'is not replaced where it may not be written' : 'keeps its owner';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { numPassedTests: passed } = report;
let failed = report.numFailedTests;
for (const { name, assertionResults } of report.testResults) {
  for (const { status, title, fullName } of assertionResults) {
    if (status === 'passed' || status === 'failed') continue;
    const isExpected = title === NEEDS_OTHER_USER;
    if (!isExpected) failed++;
    console.log(`skipped${isExpected ? ', as it needs another user' : ''}: ${fullName} (${name})`);
  }
}
console.log(`tests: ${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
