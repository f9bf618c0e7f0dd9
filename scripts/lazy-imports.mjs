// What the sources load lazily must exist in the bundle: names that a chunk lacks are found at build time, not by users.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * The faults of all dynamic imports in our own sources, in words; empty when there is none.
 * @param {string} root where the metafile's paths begin
 * @param {import('esbuild').Metafile} metafile of a bundle with `splitting`
 * @param {(file: string) => boolean} isOurs libraries' own imports are theirs to get right
 * @returns {string[]}
 */
export function lazyImportFaults(root, metafile, isOurs = (file) => file.startsWith('src/')) {
  const given = new Map(
    Object.values(metafile.outputs).flatMap(({ entryPoint, exports }) =>
      entryPoint ? [[entryPoint, new Set(exports)]] : [],
    ),
  );
  return Object.entries(metafile.inputs).flatMap(([file, { imports }]) => {
    const lazy = imports.filter(({ kind, external }) => kind === 'dynamic-import' && !external);
    if (lazy.length === 0 || !isOurs(file)) return [];
    const used = usedNames(file, readFileSync(join(root, file), 'utf8'));
    return lazy.flatMap(({ path, original }) => {
      if (metafile.inputs[path]?.format === 'cjs')
        return `${file}: import('${original}') is CommonJS, of which only 'default' is available in a bundle: import it by name in a module of its own, and load that module lazily`;
      const missing = [...(used.get(original ?? '') ?? [])].filter(
        (name) => given.get(path)?.has(name) === false,
      );
      return missing.map((name) => `${file}: import('${original}') does not export '${name}'`);
    });
  });
}

/**
 * By specifier, the names that a source takes from what it loads lazily: by destructuring, of the awaited import or of
 * several in `Promise.all`; as a member; in the parameter of `.then`; of the variable that it was put into.
 * @param {string} file
 * @param {string} text
 * @returns {Map<string, Set<string>>}
 */
function usedNames(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {Map<string, Set<string>>} */
  const used = new Map();
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteralLike(specifier)) {
        const names = used.get(specifier.text) ?? new Set();
        used.set(specifier.text, names);
        for (const name of namesOf(node, source)) names.add(name);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return used;
}

/**
 * @param {ts.Node} call the `import()`
 * @param {ts.SourceFile} source
 * @returns {string[]}
 */
function namesOf(call, source) {
  let value = call;
  /** @type {ts.Node} */
  let parent = value.parent;
  while (ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent)) {
    value = parent;
    parent = value.parent;
  }
  if (ts.isPropertyAccessExpression(parent) && parent.expression === value) {
    const name = parent.name.text;
    if (name !== 'then' || !ts.isCallExpression(parent.parent)) return [name];
    const [handler] = parent.parent.arguments;
    return handler && ts.isFunctionLike(handler) && handler.parameters[0]
      ? boundNames(handler.parameters[0].name, handler)
      : [];
  }
  if (ts.isElementAccessExpression(parent) && ts.isStringLiteralLike(parent.argumentExpression))
    return [parent.argumentExpression.text];
  if (ts.isVariableDeclaration(parent)) return boundNames(parent.name, blockOf(parent, source));
  // `const [{ a }, { b }] = await Promise.all([import('x'), import('y')])`
  if (ts.isArrayLiteralExpression(parent)) {
    const index = parent.elements.indexOf(/** @type {ts.Expression} */ (value));
    let list = /** @type {ts.Node} */ (parent.parent);
    while (ts.isCallExpression(list) || ts.isAwaitExpression(list) || ts.isParenthesizedExpression(list))
      list = list.parent;
    if (ts.isVariableDeclaration(list) && ts.isArrayBindingPattern(list.name)) {
      const element = list.name.elements[index];
      if (element && ts.isBindingElement(element)) return boundNames(element.name, blockOf(list, source));
    }
  }
  return [];
}

/**
 * Where a variable can be used.
 * @param {ts.Node} declaration
 * @param {ts.SourceFile} source
 * @returns {ts.Node}
 */
const blockOf = (declaration, source) => ts.findAncestor(declaration, ts.isBlock) ?? source;

/**
 * @param {ts.BindingName} name a pattern, or a variable whose members are looked for in `scope`
 * @param {ts.Node} scope
 * @returns {string[]}
 */
function boundNames(name, scope) {
  if (ts.isObjectBindingPattern(name))
    return name.elements.flatMap(({ propertyName, name, dotDotDotToken }) => {
      const key = propertyName ?? name;
      return dotDotDotToken || !ts.isIdentifier(key) ? [] : [key.text];
    });
  if (!ts.isIdentifier(name)) return [];
  /** @type {string[]} */
  const names = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isPropertyAccessExpression(node) && withoutAwait(node.expression) === name.text)
      names.push(node.name.text);
    if (ts.isVariableDeclaration(node) && node.initializer && withoutAwait(node.initializer) === name.text)
      if (ts.isObjectBindingPattern(node.name)) names.push(...boundNames(node.name, scope));
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return names.filter((one) => !['then', 'catch', 'finally'].includes(one));
}

/** @param {ts.Expression} expression the variable's name, awaited or not */
function withoutAwait(expression) {
  let inner = expression;
  while (ts.isParenthesizedExpression(inner) || ts.isAwaitExpression(inner)) inner = inner.expression;
  return ts.isIdentifier(inner) ? inner.text : undefined;
}
