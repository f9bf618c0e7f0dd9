// Whether this version can be published: `npm run release`. Publishes nothing itself.
//   --tag v1.2.3   the tag has to fit the version
//   --notes        prints the changelog of this version instead
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const largestPacked = 3_300_000;
/** Each of these files is in the tarball; nothing that matches the others is. */
export const wanted = [
  'bin/mbc-flow.js',
  'dist/testing.js',
  'dist/testing.d.ts',
  'dist/mbc-flow.schema.json',
  'dist/man/mbc-flow.1',
  'dist/THIRD-PARTY-NOTICES',
  'schemas/show.schema.json',
  'docs/cli.md',
  'README.md',
  'README.ja.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'LICENSE',
];
const unwanted = [
  /^(src|test|bench|acceptance|\.github|\.ci)\//,
  /^docs\/.*\.(svg|png)$/,
  /\.(tgz|map|pem)$/,
  /node_modules\//,
];

/** The part of a changelog that is about a version; undefined where there is none. */
export function changesOf(changelog, version) {
  const heading = new RegExp(`^## \\[?${version.replaceAll('.', '\\.')}\\]?(?: - (\\S+))?$`, 'm').exec(
    changelog,
  );
  if (!heading) return undefined;
  const rest = changelog.slice(heading.index + heading[0].length);
  const end = rest.search(/^## /m);
  return { date: heading[1], text: (end < 0 ? rest : rest.slice(0, end)).trim() };
}

/** What stands in the way, a line each. */
export function obstacles({ manifest, changelog, tag, dirty, packed }) {
  const { version } = manifest;
  const found = [];
  const refuse = (when, what) => when && found.push(what);
  refuse(!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version), `version ${version} is not a semantic version`);
  refuse(manifest.private, 'package.json says "private"');
  // Addresses are never guessed: who publishes knows them.
  for (const name of ['repository', 'bugs', 'homepage'])
    refuse(!manifest[name], `package.json has no "${name}": npm's page and provenance need it`);
  refuse(tag !== undefined && tag !== `v${version}`, `the tag is ${tag} and the version ${version}`);
  const changes = changesOf(changelog, version);
  refuse(!changes, `CHANGELOG.md has no "## [${version}] - DATE"`);
  refuse(changes && !/^\d{4}-\d\d-\d\d$/.test(changes.date ?? ''), `CHANGELOG.md: ${version} has no date`);
  refuse(changes?.text === '', `CHANGELOG.md: nothing is said of ${version}`);
  refuse(dirty.length > 0, `the working tree has changes: ${dirty.slice(0, 3).join(', ')}`);
  const paths = packed.files.map(({ path }) => path);
  for (const path of wanted) refuse(!paths.includes(path), `the tarball lacks ${path}`);
  for (const path of paths)
    refuse(
      unwanted.some((one) => one.test(path)),
      `the tarball has ${path}`,
    );
  refuse(packed.size > largestPacked, `the tarball has ${packed.size} bytes, more than ${largestPacked}`);
  return found;
}

function main(args) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const run = (command, ...more) => execFileSync(command, more, { cwd: root, encoding: 'utf8' });
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  if (args.includes('--notes')) {
    process.stdout.write(`${changesOf(changelog, manifest.version)?.text ?? ''}\n`);
    return 0;
  }
  const tag = args.includes('--tag') ? args[args.indexOf('--tag') + 1] : undefined;
  const dirty = run('git', 'status', '--porcelain').split('\n').filter(Boolean);
  const [packed] = JSON.parse(
    run('npm', 'pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'),
  );
  const found = obstacles({ manifest, changelog, tag, dirty, packed });
  for (const line of found) process.stderr.write(`${line}\n`);
  process.stdout.write(
    found.length === 0
      ? `mbc-flow ${manifest.version} can be published: ${packed.files.length} files, ${packed.size} bytes packed\n`
      : `mbc-flow ${manifest.version} cannot be published: ${found.length} obstacles\n`,
  );
  return found.length === 0 ? 0 : 1;
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url))
  process.exitCode = main(process.argv.slice(2));
