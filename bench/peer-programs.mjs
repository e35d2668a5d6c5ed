/** Commands that run the peers. Each is found on this machine, or compiled or installed into a temporary folder. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './process.mjs';

const source = (name) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

/** This package, in a separate process like the peers. */
export const OURS = { name: 'parallel-gmm', command: process.execPath, args: [source('parallel-gmm.mjs')] };

/** @returns a Python with scikit-learn */
export async function findPython() {
  let reason;
  for (const command of ['/usr/bin/python3', 'python3']) {
    try {
      const version = await runProgram(command, ['-c', 'import sklearn; print(sklearn.__version__)']);
      return { command, version: version.trim() };
    } catch (error) {
      reason ??= error;
    }
  }
  throw reason;
}

const PEERS = {
  'scikit-learn': async () => {
    const { command, version } = await findPython();
    return { version, command, args: [source('scikit-learn.py')] };
  },
  mclust: async () => {
    const version = await runProgram('Rscript', ['-e', 'cat(as.character(packageVersion("mclust")))']);
    return { version, command: 'Rscript', args: [source('mclust.R')] };
  },
  Armadillo: async (folder) => {
    const program = join(folder, 'armadillo');
    const flags = ['-O3', '-march=native', '-fopenmp', '-DARMA_NO_DEBUG'];
    await runProgram('g++', [...flags, source('armadillo.cpp'), '-o', program, '-larmadillo']);
    return { version: await runProgram(program, []), command: program, args: [] };
  },
  VLFeat: async (folder) => {
    const program = join(folder, 'vlfeat');
    await runProgram('gcc', [
      '-O3',
      '-march=native',
      '-fopenmp',
      source('vlfeat.c'),
      '-o',
      program,
      '-lvl',
      '-lm',
    ]);
    return { version: await runProgram(program, []), command: program, args: [] };
  },
  'expectation-maximization': async (folder) => {
    const options = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save'];
    await runProgram('npm', [...options, 'expectation-maximization'], { timeout: 60_000 });
    const manifest = join(folder, 'node_modules', 'expectation-maximization', 'package.json');
    const version = await runProgram(process.execPath, [
      '-p',
      `require(${JSON.stringify(manifest)}).version`,
    ]);
    return {
      version: version.trim(),
      command: process.execPath,
      args: [source('expectation-maximization.mjs'), folder],
    };
  },
};

/**
 * @param folder - for compiled and installed programs; the caller removes it
 * @returns for each name { name, version, command, args }, or { name, missing } with the reason
 */
export async function preparePeers(folder, say) {
  const peers = {};
  for (const [name, prepare] of Object.entries(PEERS)) {
    say(`peers: ${name}`);
    try {
      const peer = await prepare(folder);
      peers[name] = { name, ...peer, version: peer.version.trim() };
    } catch (error) {
      peers[name] = { name, missing: error.message.split('\n')[0] };
    }
  }
  return peers;
}
