/** Runs other programs and reads their JSON; and the peak memory of this process. */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @returns the program's standard output */
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
 * Peak memory of this process, in bytes: VmHWM on Linux. There getrusage would give the peak of the parent, if that was
 * larger when this process started.
 */
export function peakBytes() {
  try {
    const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    return 1024 * Number(kibibytes);
  } catch {
    return 1024 * process.resourceUsage().maxRSS;
  }
}
