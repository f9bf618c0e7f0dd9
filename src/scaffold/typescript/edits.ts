import ts from 'typescript';

/** One place of a text that gets other words. */
export interface Edit {
  /** Offsets into the text; equal ones insert. */
  from: number;
  to: number;
  text: string;
}

export const insert = (at: number, text: string): Edit => ({ from: at, to: at, text });

/** Applies edits that do not overlap; of several at one place the first comes first. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let done = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.from - b.from)) {
    done += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return done + text.slice(at);
}

/** A TypeScript file, read for its syntax alone. Undefined where it does not parse. */
export function parseSource(path: string, text: string): ts.SourceFile | undefined {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const { parseDiagnostics = [] } = source as { parseDiagnostics?: unknown[] };
  return parseDiagnostics.length === 0 ? source : undefined;
}

/** White space before the line that holds `position`'s first character. */
export function indentAt(source: ts.SourceFile, position: number): string {
  const { line } = source.getLineAndCharacterOfPosition(position);
  const start = source.getLineStarts()[line] ?? 0;
  return /^[ \t]*/.exec(source.text.slice(start))?.[0] ?? '';
}

/** The node itself and all that it is made of. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

/** The class's decorator call that goes by `name` of `library`, whatever alias the file gives it. */
export function decoratorCall(
  source: ts.SourceFile,
  node: ts.ClassDeclaration,
  name: string,
  library: string,
): ts.CallExpression | undefined {
  for (const { expression } of ts.getDecorators(node) ?? []) {
    if (ts.isCallExpression(expression) && meansImport(source, expression.expression, name, library))
      return expression;
  }
  return undefined;
}

/** Whether `expression` is `name` as `library` exports it: `name`, an alias, or `namespace.name`. */
function meansImport(
  source: ts.SourceFile,
  expression: ts.Expression,
  name: string,
  library: string,
): boolean {
  for (const declaration of importsOf(source)) {
    if (specifierOf(declaration) !== library) continue;
    const bindings = declaration.importClause?.namedBindings;
    if (!bindings) continue;
    if (ts.isNamespaceImport(bindings)) {
      if (
        ts.isPropertyAccessExpression(expression) &&
        expression.name.text === name &&
        expression.expression.getText() === bindings.name.text
      )
        return true;
    } else if (ts.isIdentifier(expression)) {
      const found = bindings.elements.find((element) => (element.propertyName ?? element.name).text === name);
      if (found?.name.text === expression.text) return true;
    }
  }
  return false;
}

export const importsOf = (source: ts.SourceFile): ts.ImportDeclaration[] =>
  source.statements.filter(ts.isImportDeclaration);

export const specifierOf = ({ moduleSpecifier }: ts.ImportDeclaration): string =>
  ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';

export const classesOf = (source: ts.SourceFile): ts.ClassDeclaration[] =>
  source.statements.filter(ts.isClassDeclaration);
