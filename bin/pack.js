// Chunks of the bundle as one script, with what V8 compiled of it: files of the user's cache directory. They decide
// nothing: where one is missing, another user's or damaged, the bundle is read and compiled as ever.
'use strict';
const fs = require('node:fs');
const { homedir } = require('node:os');
const { dirname, isAbsolute, join } = require('node:path');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

/** Builds (of ours, and of Node.js) of which something is kept. */
const MOST_BUILDS = 3;
/** Of the form of the files: its own number, the checksum of what follows, the length of the script. */
const [FORM, HEAD] = [0x6d626302, 12];

/**
 * @typedef {object} Pack
 * @property {Record<string, (...given: any[]) => void>} functions by the name of the chunk
 * @property {(name: string, code: string) => void} add a chunk that was loaded and is not in it
 * @property {() => void} keep writes the file, if there is anything new
 */

/** Opens packs by their names. @param {string} build @returns {(name: string) => Pack} */
function openPacks(build) {
  const { version, arch, execArgv, env } = process;
  const { NODE_COMPILE_CACHE: given, XDG_CACHE_HOME: caches = '', NODE_OPTIONS } = env;
  // Node.js and other tools keep their own in the folder that is given: ours has a name of its own there.
  const folder = given
    ? join(given, 'mbc-flow')
    : join(isAbsolute(caches) ? caches : join(homedir(), '.cache'), 'mbc-flow/compiled');
  // V8 takes what was compiled with its very own version and flags only.
  const runtime = crc32(JSON.stringify([version, arch, execArgv, NODE_OPTIONS])).toString(16);
  return (name) => packIn(join(folder, `${build}-${runtime}`, name));
}

/** @param {string} file @returns {Pack} */
function packIn(file) {
  const { code, compiled } = read(file);
  const script = new Script(`({${code}})`, { filename: file, cachedData: compiled });
  let whole = code === '' || script.cachedDataRejected === false;
  let added = '';
  return {
    functions: script.runInThisContext(),
    add(name, chunk) {
      added += `${JSON.stringify(name)}:${chunk},\n`;
      whole = false;
    },
    keep() {
      // What was added becomes part of the script in the next run: that one can tell what V8 compiled of it.
      if (!whole) write(file, code + added, added === '' ? script.createCachedData() : Buffer.alloc(0));
      whole = true;
    },
  };
}

/** Nothing where there is none, or none as we wrote it: V8 itself would crash on it. @param {string} file */
function read(file) {
  let descriptor;
  try {
    descriptor = fs.openSync(file, 'r');
    // Who wrote it decides what runs here.
    if (fs.fstatSync(descriptor).uid !== process.getuid?.()) throw new Error('not ours');
    const bytes = fs.readFileSync(descriptor);
    const sound = bytes.readUInt32LE(0) === FORM && bytes.readUInt32LE(4) === crc32(bytes.subarray(8));
    const end = HEAD + bytes.readUInt32LE(8);
    if (!sound) throw new Error('damaged');
    return {
      code: bytes.latin1Slice(HEAD, end),
      compiled: end < bytes.length ? bytes.subarray(end) : undefined,
    };
  } catch {
    return { code: '', compiled: undefined };
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** Whole or not at all; a full disk or a read-only home keeps nothing. */
function write(/** @type {string} */ file, /** @type {string} */ code, /** @type {Buffer} */ compiled) {
  const temporary = `${file}.${process.pid}`;
  try {
    const bytes = Buffer.concat([Buffer.alloc(HEAD), Buffer.from(code, 'latin1'), compiled]);
    bytes.writeUInt32LE(FORM, 0);
    bytes.writeUInt32LE(code.length, 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4);
    if (fs.mkdirSync(dirname(file), { recursive: true, mode: 0o700 })) removeOld(dirname(dirname(file)));
    try {
      fs.writeFileSync(temporary, bytes, { mode: 0o600, flush: true });
      fs.renameSync(temporary, file);
    } catch {
      fs.rmSync(temporary, { force: true });
    }
  } catch {
    // The next run compiles again.
  }
}

/** @param {string} folder of the builds */
function removeOld(folder) {
  const builds = fs
    .readdirSync(folder)
    .filter((name) => /^[\da-f]+-[\da-f]+$/.test(name))
    .map((name) => join(folder, name));
  const writtenAt = new Map(builds.map((path) => [path, fs.statSync(path).mtimeMs]));
  for (const path of builds.sort((a, b) => writtenAt.get(b) - writtenAt.get(a)).slice(MOST_BUILDS))
    fs.rmSync(path, { recursive: true, force: true });
}

module.exports = { openPacks };
