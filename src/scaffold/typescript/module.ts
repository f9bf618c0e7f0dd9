import ts from 'typescript';
import { type Patched, styleOf } from '../project.js';
import {
  applyEdits,
  classesOf,
  decoratorCall,
  type Edit,
  indentAt,
  insert,
  nodesOf,
  parseSource,
} from './edits.js';
import { importName } from './imports.js';

/** A class that a Nest module is to have among its `imports` or `providers`. */
export interface Member {
  array: 'imports' | 'providers';
  name: string;
  from: string;
}

/** Adds a class to the metadata of the file's Nest module (of `className`, where there are several). */
export function addToModule(path: string, text: string, member: Member, className?: string): Patched {
  const source = parseSource(path, text);
  if (!source) return { kind: 'refused', why: 'it cannot be parsed' };
  const modules = classesOf(source)
    .filter(({ name }) => className === undefined || name?.text === className)
    .flatMap((node) => decoratorCall(source, node, 'Module', '@nestjs/common') ?? []);
  const [decorator, another] = modules;
  if (!decorator) return { kind: 'refused', why: 'it has no class decorated with @Module' };
  if (another) return { kind: 'refused', why: 'it has several classes decorated with @Module' };
  const style = styleOf(text);
  const imported = importName(source, style, member.name, member.from);
  const [options] = decorator.arguments;
  const array = `${member.array}: [${imported.local}]`;
  if (!options) {
    const made = insert(decorator.getEnd() - 1, `{ ${array} }`);
    return { kind: 'patched', text: applyEdits(text, [...imported.edits, made]) };
  }
  if (!ts.isObjectLiteralExpression(options))
    return { kind: 'refused', why: 'the argument of @Module is not an object' };
  const property = options.properties.find((one) => one.name?.getText() === member.array);
  if (property && uses(property, imported.local)) return { kind: 'unchanged' };
  const made = property
    ? intoArray(source, property, imported.local, member.array)
    : newProperty(source, options, array, style.newline, style.indent);
  return { kind: 'patched', text: applyEdits(text, [...imported.edits, made]) };
}

function uses(property: ts.Node, name: string): boolean {
  for (const node of nodesOf(property)) if (ts.isIdentifier(node) && node.text === name) return true;
  return false;
}

function intoArray(
  source: ts.SourceFile,
  property: ts.ObjectLiteralElementLike,
  name: string,
  key: string,
): Edit {
  // `imports` alone, or `imports: modules`: a list that is made elsewhere is spread.
  if (!ts.isPropertyAssignment(property))
    return { from: property.getStart(), to: property.getEnd(), text: `${key}: [...${key}, ${name}]` };
  const { initializer } = property;
  if (!ts.isArrayLiteralExpression(initializer)) {
    const text = initializer.getText(source);
    const spread = ts.isIdentifier(initializer) || ts.isCallExpression(initializer) ? text : `(${text})`;
    return { from: initializer.getStart(), to: initializer.getEnd(), text: `[...${spread}, ${name}]` };
  }
  return intoList(source, initializer.elements, initializer, name);
}

function intoList(
  source: ts.SourceFile,
  elements: ts.NodeArray<ts.Node>,
  list: ts.Node,
  added: string,
): Edit {
  const last = elements.at(-1);
  if (!last) return insert(list.getStart() + 1, added);
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const separate = lineOf(list.getStart()) !== lineOf(last.getStart());
  const newline = source.text.includes('\r\n') ? '\r\n' : '\n';
  const between = separate ? newline + indentAt(source, last.getStart()) : ' ';
  return insert(last.getEnd(), `,${between}${added}`);
}

function newProperty(
  source: ts.SourceFile,
  options: ts.ObjectLiteralExpression,
  array: string,
  newline: string,
  indent: string,
): Edit {
  if (options.properties.length > 0) return intoList(source, options.properties, options, array);
  const outer = indentAt(source, options.getStart());
  return {
    from: options.getStart(),
    to: options.getEnd(),
    text: `{${newline}${outer}${indent}${array},${newline}${outer}}`,
  };
}

/** The root module that the application is created with: `createHandler({ rootModule: X })`, and X's file. */
export function rootModule(main: string, text: string): { className: string; from: string } | undefined {
  const source = parseSource(main, text);
  const found = /\brootModule\s*:\s*([A-Za-z_$][\w$]*)/.exec(text)?.[1];
  if (!source || found === undefined) return undefined;
  for (const { importClause, moduleSpecifier } of source.statements.filter(ts.isImportDeclaration)) {
    const bindings = importClause?.namedBindings;
    const element =
      bindings && ts.isNamedImports(bindings)
        ? bindings.elements.find(({ name }) => name.text === found)
        : undefined;
    if (element && ts.isStringLiteral(moduleSpecifier))
      return { className: (element.propertyName ?? element.name).text, from: moduleSpecifier.text };
  }
  return undefined;
}
