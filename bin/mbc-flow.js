#!/usr/bin/env node
// Starts the program. Help and the version are rendered when it is built: they are printed from here, and nothing else
// is loaded for them.
'use strict';
const { fstatSync, readFileSync, statSync, writeSync } = require('node:fs');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: mbc-flow needs Node.js 20.19 or newer; this is ${process.versions.node}\n`);
  process.exit(2);
}

const page = helpPage();
if (page === undefined || !print(page)) start();

/** What these words print, if they ask for help only and it is rendered for this width. */
function helpPage() {
  const words = process.argv.slice(2).map((word) => (word === '-h' ? '--help' : word));
  const last = words.at(-1) ?? '--help';
  if (words.some((word) => word.includes(' ')) || !/^(--help|--version|trigger|task)$/.test(last))
    return undefined;
  try {
    const pages = readFileSync(`${__dirname}/../dist/help-${outputColumns()}.txt`);
    const begin = pages.indexOf('\n') + 1;
    /** Where each page stands behind this first line. */
    const places = JSON.parse(pages.latin1Slice(0, begin));
    const line = words.join(' ');
    if (!Object.hasOwn(places, line)) return undefined;
    const [from, to] = places[line];
    return pages.subarray(begin + from, begin + to);
  } catch {
    return undefined;
  }
}

/** Of `process.stdout`, which is loaded for a terminal only. */
function outputColumns() {
  const output = fstatSync(1);
  const terminal = output.isCharacterDevice() && output.rdev !== statSync('/dev/null').rdev;
  return terminal ? Math.min(process.stdout.columns ?? 80, 100) : 80;
}

/** False where nothing could be written: the program says why. */
function print(bytes) {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
  } catch (error) {
    if (written === 0) return false;
    if (error.code === 'EAGAIN') process.stdout.write(bytes.subarray(written));
  }
  return true;
}

async function start() {
  // The AWS SDK warns on stderr about Node versions that it will drop; that is our concern, not the user's.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  await main().run();
}

function main() {
  try {
    return require('./load.js').loadMain(process.argv.slice(2));
  } catch (error) {
    if (error.code !== 'ENOENT' || !error.path?.endsWith('main.cjs')) throw error;
    process.stderr.write('error: mbc-flow is not built yet\n  try: npm ci\n');
    process.exit(70);
  }
}
