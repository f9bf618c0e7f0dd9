// @ts-check
// Decorator metadata names the types of a class's members. Compiled file by file, an interface that is imported for one
// looks like a class, and an ES module may not import what another does not export.

/**
 * The source with its types reached through the whole module that they come from, which may lack them: the metadata of
 * one that is no class is Object then, as a whole program's compiler has it.
 * @param {any} ts the app's compiler @param {string} file @param {string} text
 */
export function typesByModule(ts, file, text) {
  if (!text.includes('@') || !/\bimport\b/.test(text)) return text;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imported = importedNames(ts, source);
  if (imported.size === 0) return text;
  /** Module as it is written -> what it is called here. @type {Map<string, string>} */
  const modules = new Map();
  /** @type {{ at: number, end: number, text: string }[]} */
  const edits = [];
  const visitType = (/** @type {any} */ node) => {
    if (ts.isTypeReferenceNode(node)) {
      let name = node.typeName;
      while (ts.isQualifiedName(name)) name = name.left;
      const found = imported.get(name.text);
      if (found) {
        const module = modules.get(found.module) ?? `__types_${modules.size}`;
        modules.set(found.module, module);
        edits.push({ at: name.getStart(source), end: name.end, text: `${module}.${found.name}` });
      }
    }
    ts.forEachChild(node, visitType);
  };
  const visit = (/** @type {any} */ node) => {
    if (ts.isClassLike(node)) {
      for (const member of node.members) {
        for (const { type } of [member, ...(member.parameters ?? [])]) if (type) visitType(type);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  // Where they nest (a class within a member's type), the outer one has them already.
  const once = new Map(edits.map((edit) => [edit.at, edit]));
  const changed = [...once.values()]
    .sort((a, b) => b.at - a.at)
    .reduce((result, { at, end, text }) => result.slice(0, at) + text + result.slice(end), text);
  // At the end, so that every line stays where it is.
  return changed + [...modules].map(([module, name]) => `\nimport * as ${name} from ${module};`).join('');
}

/**
 * What the file imports by name, but for what it says are types.
 * @param {any} ts @param {any} source @returns {Map<string, { module: string, name: string }>}
 */
function importedNames(ts, source) {
  const names = new Map();
  for (const statement of source.statements) {
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined;
    if (!clause || clause.isTypeOnly) continue;
    const module = statement.moduleSpecifier.getText(source);
    if (clause.name) names.set(clause.name.text, { module, name: 'default' });
    const bindings = clause.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    for (const { name, propertyName, isTypeOnly } of bindings.elements) {
      if (!isTypeOnly) names.set(name.text, { module, name: (propertyName ?? name).text });
    }
  }
  return names;
}
