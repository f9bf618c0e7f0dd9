import { expect, test } from 'vitest';
import { changesOf, obstacles, wanted } from '../../scripts/release.mjs';

const release = {
  manifest: { version: '1.2.3', repository: 'r', bugs: 'b', homepage: 'h' },
  changelog:
    '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n\n### Added\n\n- One.\n\n## [1.2.2] - 2026-11-01\n\n- Old.\n',
  tag: 'v1.2.3',
  dirty: [] as string[],
  packed: { size: 2_500_000, files: wanted.map((path) => ({ path })) },
};

test('a version that can be published', () => {
  expect(obstacles(release)).toEqual([]);
  expect(changesOf(release.changelog, '1.2.3')).toEqual({ date: '2026-12-01', text: '### Added\n\n- One.' });
});

test.each<[string, Partial<typeof release>, RegExp]>([
  ['another tag', { tag: 'v1.2.4' }, /the tag is v1\.2\.4/],
  ['no address', { manifest: { ...release.manifest, repository: '' } }, /no "repository"/],
  ['no changelog', { changelog: '# Changelog\n\n## [Unreleased]\n' }, /no "## \[1\.2\.3\] - DATE"/],
  ['no date', { changelog: '## 1.2.3\n\n- One.\n' }, /has no date/],
  ['nothing said', { changelog: '## [1.2.3] - 2026-12-01\n\n## [1.2.2]\n- Old.\n' }, /nothing is said/],
  ['changes in the tree', { dirty: [' M src/main.ts'] }, /working tree/],
  [
    'a file that lacks',
    { packed: { size: 1, files: release.packed.files.slice(1) } },
    /lacks bin\/mbc-flow\.js/,
  ],
  [
    'a file too many',
    { packed: { size: 1, files: [...release.packed.files, { path: 'src/main.ts' }] } },
    /has src\/main/,
  ],
  ['too large', { packed: { ...release.packed, size: 9e6 } }, /9000000 bytes/],
])('refused: %s', (_, given, why) => {
  const found = obstacles({ ...release, ...given });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(why);
});
