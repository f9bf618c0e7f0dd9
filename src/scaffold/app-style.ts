import { parse } from 'yaml';
import { parseJson } from '../json/parse.mjs';
import { type Project, type Style, styleOf } from './project.js';

/** How the project writes its sources. */
interface Surroundings {
  /** Undefined: nothing shows it. */
  style?: Style;
  /** Relative imports name `.js` files, as ES modules need. */
  extensions: boolean;
}

const read = new WeakMap<Project, Promise<Surroundings>>();

/** What a project's configuration and its sources show. */
function surroundingsOf(project: Project): Promise<Surroundings> {
  const known = read.get(project) ?? look(project);
  read.set(project, known);
  return known;
}

/** A new text as its project writes: by its prettier, else by what its other files look like. */
export async function adapted(project: Project, path: string, text: string): Promise<string> {
  const { style } = await surroundingsOf(project);
  const written = path.endsWith('.ts') ? await asModule(project, path, text) : text;
  const formatted = await project.format(path, written, style);
  if (formatted !== undefined || !style) return formatted ?? written;
  if (path.endsWith('.json'))
    return text
      .replace(/^ +/gm, (spaces) => style.indent.repeat(spaces.length / 2))
      .replaceAll('\n', style.newline);
  // TypeScript's compiler is larger than all the rest.
  const { restyled } = await import('./typescript/restyle.js');
  return restyled(path, written, style);
}

/** What a relative import is to say: with `.js` where the project's imports have it. */
export async function specifier(project: Project, relative: string): Promise<string> {
  const { extensions } = await surroundingsOf(project);
  return extensions ? `${relative}.js` : relative;
}

/** A template is a CommonJS module without extensions. */
async function asModule(project: Project, path: string, text: string): Promise<string> {
  const own = path.startsWith('infra/') ? await manifest(project, 'infra/package.json') : undefined;
  const { type } = own ?? (await manifest(project)) ?? {};
  const extensions = own ? type === 'module' : (await surroundingsOf(project)).extensions;
  const imports = extensions ? text.replaceAll(/(\b(?:from |import\()'\.[^']*?)(?:\.js)?'/g, "$1.js'") : text;
  return type === 'module' ? imports.replaceAll(/\b__dirname\b/g, 'import.meta.dirname') : imports;
}

async function look(project: Project): Promise<Surroundings> {
  const paths = (
    await Promise.all(['src', 'infra', 'test'].map((folder) => project.list(folder, '.ts')))
  ).flat();
  const texts = await Promise.all(paths.slice(0, 40).map(async (path) => (await project.read(path)) ?? ''));
  const relative = texts.flatMap((text) =>
    [...text.matchAll(/\bfrom\s+['"](\.[^'"]*)['"]/g)].map(([, to = '']) => to),
  );
  const named = relative.filter((to) => to.endsWith('.js')).length;
  return {
    style:
      (await prettierStyle(project)) ?? mostCommon(texts.filter((text) => text.trim() !== '').map(styleOf)),
    extensions:
      relative.length > 0 ? named * 2 > relative.length : (await manifest(project))?.type === 'module',
  };
}

async function manifest(
  project: Project,
  path = 'package.json',
): Promise<Record<string, unknown> | undefined> {
  const text = await project.read(path);
  try {
    return text === undefined ? undefined : (parseJson(text) as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

/** What is configured for a prettier, which may not be installed. */
async function prettierStyle(project: Project): Promise<Style | undefined> {
  for (const path of ['.prettierrc', '.prettierrc.json', '.prettierrc.yaml', '.prettierrc.yml']) {
    const text = await project.read(path);
    if (text === undefined) continue;
    try {
      return styleFrom(parse(text));
    } catch {
      return undefined;
    }
  }
  const { prettier } = (await manifest(project)) ?? {};
  return prettier === undefined ? undefined : styleFrom(prettier);
}

function styleFrom(options: unknown): Style | undefined {
  if (typeof options !== 'object' || options === null) return undefined;
  const { semi, singleQuote, useTabs, tabWidth, endOfLine } = options as Record<string, unknown>;
  return {
    newline: endOfLine === 'crlf' ? '\r\n' : '\n',
    quote: singleQuote === true ? "'" : '"',
    semicolon: semi === false ? '' : ';',
    indent: useTabs === true ? '\t' : ' '.repeat(typeof tabWidth === 'number' ? tabWidth : 2),
  };
}

/** Each property as most files have it. */
function mostCommon(styles: Style[]): Style | undefined {
  if (styles.length === 0) return undefined;
  const most = <K extends keyof Style>(key: K): Style[K] => {
    const counts = new Map<Style[K], number>();
    for (const style of styles) counts.set(style[key], (counts.get(style[key]) ?? 0) + 1);
    const [[value]] = [...counts].sort(([, a], [, b]) => b - a) as [[Style[K], number]];
    return value;
  };
  return {
    newline: most('newline'),
    quote: most('quote'),
    semicolon: most('semicolon'),
    indent: most('indent'),
  };
}
