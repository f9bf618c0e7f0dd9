// Loads the bundle. What commands loaded of it, and what V8 compiled, is kept in the user's cache directory (pack.js): to
// read and compile its chunks takes half the time of a short command.
'use strict';
const { closeSync, openSync, readFileSync, readSync } = require('node:fs');
const { join } = require('node:path');
const { runInThisContext } = require('node:vm');
const { openPacks } = require('./pack.js');

const dist = join(__dirname, '../dist');
/** A command that lives for long may be killed: what it compiled until then is kept. */
const SETTLED_MS = 5_000;

/** @type {Map<string, { exports: any }>} */
const modules = new Map();
/** What was kept. @type {import('./pack.js').Pack[]} */
const packs = [];
/** @type {(() => void) | undefined} */
let beforeCommand;

/** What the bundle's entry exports. @param {string[]} words of the command line */
function loadMain(words) {
  if (process.env.NODE_DISABLE_COMPILE_CACHE === undefined) {
    const openPack = openPacks(buildOf(join(dist, 'main.cjs')));
    const [word = ''] = words;
    packs.push(openPack('main'));
    // Each command has a pack of its own beside, so that none reads what only another one needs.
    beforeCommand = () => packs.push(openPack(/^[a-z]+$/.test(word) ? `command-${word}` : 'commands'));
    const keep = () => {
      for (const pack of packs) pack.keep();
    };
    process.once('exit', keep);
    setTimeout(keep, SETTLED_MS).unref();
  }
  return load('main.cjs');
}

/** @param {string} name of a chunk */
function load(name) {
  const loaded = modules.get(name);
  if (loaded) return loaded.exports;
  // The first chunk that is loaded lazily: the command line is understood.
  if (beforeCommand && !/^(main\.|chunk-)/.test(name)) {
    beforeCommand();
    beforeCommand = undefined;
  }
  const module = { exports: {} };
  modules.set(name, module);
  const filename = join(dist, name);
  let run = packs.map((pack) => pack.functions[name]).find(Boolean);
  if (!run) {
    const code = `function(exports,require,module,__filename,__dirname){${readFileSync(filename, 'latin1')}\n}`;
    packs.at(-1)?.add(name, code);
    run = runInThisContext(`(${code})`, { filename });
  }
  run(module.exports, requireFrom, module, filename, dist);
  return module.exports;
}

/** From here all else is found as from the bundle. @param {string} id */
const requireFrom = (id) => (/^\.\/[\w.-]+\.cjs$/.test(id) ? load(id.slice(2)) : require(id));
requireFrom.resolve = require.resolve;

/** The entry's first line names the build. @param {string} entry */
function buildOf(entry) {
  const descriptor = openSync(entry, 'r');
  try {
    const start = Buffer.alloc(18);
    readSync(descriptor, start);
    return start.latin1Slice(2);
  } finally {
    closeSync(descriptor);
  }
}

module.exports = { loadMain };
