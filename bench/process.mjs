/** Other programs: run one, read the JSON line it prints; and the most memory that this one has held. */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @returns what the program printed on standard output */
export function runProgram(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 1 << 24, ...options }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command}: ${stderr.trim() || error.message}`, { cause: error }));
      else resolve(stdout);
    });
  });
}

/** @returns the value of the program's last line of output */
export async function runForJson(command, args) {
  const lines = (await runProgram(command, args)).trim().split('\n');
  return JSON.parse(lines[lines.length - 1]);
}

/**
 * Most memory that this process has held, in bytes: VmHWM. getrusage's figure would do on other systems; on
 * Linux it is that of the parent where it was larger when the process was started.
 */
export function peakBytes() {
  try {
    const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    return 1024 * Number(kibibytes);
  } catch {
    return 1024 * process.resourceUsage().maxRSS;
  }
}
