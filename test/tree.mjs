/**
 * Measures the structure of the source: file and function lengths, files at the top of `src`, levels of imports, lint exceptions.
 *
 * A room is a folder of `src` or a file at its top. A room's level is one above the highest room that it imports.
 *
 *   node test/tree.mjs [folder of another checkout]
 */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const MOST_LINES = 250;
const MOST_FUNCTION_LINES = 60;

const root = resolve(process.argv[2] ?? '.');
const SOURCES = ['src', 'workers', 'page', 'kernel'];

function listFiles(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name) && entry.name !== 'generated.ts')
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

const files = SOURCES.flatMap(listFiles).map((path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { path, text, source, lines: text.split('\n').length - 1 };
});

/** Every function with a body, those inside others too. */
function listFunctions({ path, source }) {
  const found = [];
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body) {
      const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = source.getLineAndCharacterOfPosition(node.end).line;
      const name = node.name?.getText() ?? node.parent?.name?.getText?.() ?? 'a function';
      found.push({ path, name, lines: last - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The room of a file of `src`. */
function roomOf(path) {
  const [, first, ...rest] = path.split('/');
  return rest.length > 0 ? `${first}/` : first;
}

/** Rooms and the rooms that they import, types included. */
function readRooms() {
  const rooms = new Map();
  for (const { path, source } of files.filter((file) => file.path.startsWith('src/'))) {
    const room = roomOf(path);
    const imports = rooms.get(room) ?? new Set();
    rooms.set(room, imports);
    for (const statement of source.statements) {
      const from = statement.moduleSpecifier?.text;
      if (!from?.startsWith('.')) continue;
      const target = relative('.', join(dirname(path), from));
      if (target.startsWith('src/') && roomOf(target.replace(/\.js$/, '.ts')) !== room)
        imports.add(roomOf(target.replace(/\.js$/, '.ts')));
    }
  }
  return rooms;
}

function computeLevels(rooms) {
  const levels = new Map();
  const levelOf = (room, path) => {
    if (path.includes(room)) throw new Error(`imports run in a circle: ${[...path, room].join(' → ')}`);
    if (!levels.has(room)) {
      const below = [...(rooms.get(room) ?? [])].map((other) => levelOf(other, [...path, room]));
      levels.set(room, 1 + Math.max(0, ...below));
    }
    return levels.get(room);
  };
  for (const room of rooms.keys()) levelOf(room, []);
  return levels;
}

function countLintExceptions() {
  const ignores = files.reduce((sum, { text }) => sum + (text.match(/biome-ignore/g) ?? []).length, 0);
  const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  const groups = config.overrides.flatMap(({ includes, linter }) =>
    (linter.rules?.style?.noRestrictedImports?.options?.patterns ?? []).map(({ group }) => ({
      includes,
      group,
    })),
  );
  const allowed = groups
    .filter(({ includes }) => includes.some((include) => include.startsWith('src')))
    .flatMap(({ group }) => group.filter((pattern) => pattern.startsWith('!')));
  return { ignores, allowed: allowed.length };
}

const byLines = (a, b) => b.lines - a.lines;
const largest = [...files].sort(byLines);
const functions = files.flatMap(listFunctions).sort(byLines);
const top = files.filter(({ path }) => /^src\/[^/]*$/.test(path)).map(({ path }) => path);
const { ignores, allowed } = countLintExceptions();

const show = ({ path, name, lines }) => `${lines} lines  ${path}${name ? `  ${name}` : ''}`;
const long = largest.filter(({ lines }) => lines > MOST_LINES);
const longFunctions = functions.filter(({ lines }) => lines > MOST_FUNCTION_LINES);
console.log(
  `files                   ${files.length}, ${files.reduce((sum, { lines }) => sum + lines, 0)} lines`,
);
console.log(`largest file            ${show(largest[0])}`);
console.log(`files over ${MOST_LINES} lines     ${long.length}`);
for (const file of long) console.log(`  ${show(file)}`);
console.log(`longest function        ${show(functions[0])}`);
console.log(`functions over ${MOST_FUNCTION_LINES} lines  ${longFunctions.length}`);
for (const each of longFunctions) console.log(`  ${show(each)}`);
console.log(`files at the top of src ${top.length}`);
console.log(`lint exceptions         ${ignores} ignored lines, ${allowed} imports allowed against a rule`);
try {
  const levels = computeLevels(readRooms());
  const most = Math.max(...levels.values());
  console.log(`import levels           ${most}`);
  for (let level = most; level > 0; level--) {
    const rooms = [...levels].filter(([, each]) => each === level).map(([room]) => room);
    console.log(`  ${String(level).padStart(2)}  ${rooms.sort().join(' ')}`);
  }
} catch (error) {
  console.log(`import levels           none: ${error.message}`);
}
