import ts from 'typescript';
import type { Style } from '../project.js';
import { compareNames, comparePaths } from '../sort-imports.js';
import { type Edit, importsOf, insert, nodesOf, specifierOf } from './edits.js';

/** A name that a file is to import, and what the file will call it. */
export interface Imported {
  local: string;
  edits: Edit[];
}

/**
 * Imports `name` from `from`: in the import that is there, or in one of its own at its place in the order of
 * eslint-plugin-simple-import-sort. A name that the file uses for something else gets an alias.
 */
export function importName(
  source: ts.SourceFile,
  style: Style,
  name: string,
  from: string,
  use: 'value' | 'type' = 'value',
): Imported {
  const all = importsOf(source).filter((declaration) => specifierOf(declaration) === from);
  const declarations = all.filter(({ importClause }) => !importClause?.isTypeOnly);
  for (const { importClause } of use === 'type' ? all : declarations) {
    const bindings = importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    const known = bindings.elements.find(
      (element) =>
        (use === 'type' || !element.isTypeOnly) && (element.propertyName ?? element.name).text === name,
    );
    if (known) return { local: known.name.text, edits: [] };
  }
  const local = freeName(source, name);
  const element = local === name ? name : `${name} as ${local}`;
  for (const { importClause } of declarations) {
    const bindings = importClause?.namedBindings;
    if (bindings && ts.isNamedImports(bindings))
      return { local, edits: [addElement(bindings, name, element)] };
  }
  const { quote, semicolon } = style;
  const line = `import { ${element} } from ${quote}${from}${quote}${semicolon}`;
  return { local, edits: [addDeclaration(source, style, line, from)] };
}

/** `name`, or with a number behind it where the file means something else by it. */
function freeName(source: ts.SourceFile, name: string): string {
  const taken = new Set<string>();
  for (const node of nodesOf(source)) if (ts.isIdentifier(node)) taken.add(node.text);
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}${n}`;
  return free;
}

function addElement(bindings: ts.NamedImports, name: string, element: string): Edit {
  const { elements } = bindings;
  const keyOf = (at: ts.ImportSpecifier): string => (at.propertyName ?? at.name).text;
  const after = elements.find((at) => compareNames(keyOf(at), name) > 0);
  if (after) {
    const lines = /\n/.test(bindings.getText());
    const indent = lines ? newlineAnd(bindings) : ' ';
    return insert(after.getStart(), `${element},${indent}`);
  }
  const last = elements.at(-1);
  if (!last) return { from: bindings.getStart(), to: bindings.getEnd(), text: `{ ${element} }` };
  return insert(
    last.getEnd(),
    /\n/.test(bindings.getText()) ? `,${newlineAnd(bindings)}${element}` : `, ${element}`,
  );
}

/** The line break and indentation in front of the elements of an import of several lines. */
const newlineAnd = (bindings: ts.NamedImports): string => /\r?\n[ \t]*/.exec(bindings.getText())?.[0] ?? ' ';

function addDeclaration(source: ts.SourceFile, { newline }: Style, line: string, from: string): Edit {
  const declarations = importsOf(source);
  const sameKind = declarations.filter(
    (declaration) =>
      declaration.importClause !== undefined && isRelative(specifierOf(declaration)) === isRelative(from),
  );
  const later = sameKind.find((declaration) => comparePaths(specifierOf(declaration), from) > 0);
  if (later) return insert(later.getStart(), line + newline);
  const last = sameKind.at(-1);
  if (last) return insert(last.getEnd(), newline + line);
  const other = declarations.at(-1);
  if (other && isRelative(from)) return insert(other.getEnd(), newline + newline + line);
  const first = source.statements.at(0);
  return insert(first?.getStart() ?? source.getEnd(), line + newline + (first ? newline : ''));
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.');
