import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The licence texts of every package that a bundle holds, by esbuild's own record of its inputs.
 * Throws where a package ships no text and names a licence that would need one.
 */
export async function thirdPartyNotices(root, metafile) {
  const folders = new Set();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const [folder] = file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [];
      if (folder && bytesInOutput > 0) folders.add(folder);
    }
  }
  const packages = await Promise.all([...folders].map((folder) => describe(join(root, folder))));
  packages.sort((a, b) => (a.title < b.title ? -1 : 1));
  // Hundreds of packages, a dozen texts: each text once, under the packages that carry it.
  const texts = new Map();
  for (const { title, text } of packages) texts.set(text, [...(texts.get(text) ?? []), title]);
  const sections = [...texts].map(([text, titles]) => `${titles.join('\n')}\n\n${text}`);
  return `mbc-flow's bundle contains the following packages.\n\n${sections.join(`\n\n${'-'.repeat(78)}\n\n`)}\n`;
}

async function describe(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = await readdir(folder);
  const own = files.filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  const texts = await Promise.all(own.map((file) => readFile(join(folder, file), 'utf8')));
  const by = typeof author === 'string' ? author : (author?.name ?? 'its authors');
  const text =
    texts.map((each) => each.replaceAll('\r\n', '\n').trim()).join('\n\n') ||
    `Copyright ${by}. License: ${license}.`;
  return { title: `${name} ${version} (${license})`, text };
}
