import ts from 'typescript';

/** A file of TypeScript, read for its syntax alone; what does not parse has fewer nodes. */
export const parse = (file: string, text: string): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

/** The node itself and all that it is made of. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    const children: ts.Node[] = [];
    next.forEachChild((child) => void children.push(child));
    for (const child of children.reverse()) waiting.push(child);
  }
}

/** `x` of `x`, `this.x`, `tasks.x`, `'x'`. */
export function lastName(node: ts.Node): string {
  if (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) return node.text;
  return ts.isPropertyAccessExpression(node) ? node.name.text : '';
}

/** The name of a property as it is written: `a`, `'a.$'`. */
export const keyOf = (property: ts.ObjectLiteralElementLike): string =>
  property.name && (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name))
    ? property.name.text
    : '';

/** The name of a property, if the literal has it, also within `...(condition && { name: … })`. */
export function property(
  literal: ts.ObjectLiteralExpression,
  names: readonly string[],
): ts.ObjectLiteralElementLike | undefined {
  for (const one of literal.properties) {
    if (names.includes(keyOf(one))) return one;
    if (!ts.isSpreadAssignment(one)) continue;
    for (const inner of nodesOf(one.expression))
      if (ts.isObjectLiteralExpression(inner)) {
        const found = inner.properties.find((each) => names.includes(keyOf(each)));
        if (found) return found;
      }
  }
  return undefined;
}

/** It takes over properties that are written elsewhere: nobody can say that one is missing. */
export const isOpen = (literal: ts.ObjectLiteralExpression): boolean =>
  literal.properties.some(
    (one) => ts.isSpreadAssignment(one) && ![...nodesOf(one.expression)].some(ts.isObjectLiteralExpression),
  );

/** `new tasks.LambdaInvoke(scope, id, { … })` → its name and its properties. */
export function construction(
  node: ts.Node,
): { node: ts.NewExpression; name: string; props?: ts.ObjectLiteralExpression } | undefined {
  if (!ts.isNewExpression(node)) return undefined;
  const props = node.arguments?.find(ts.isObjectLiteralExpression);
  return { node, name: lastName(node.expression), props };
}

/** The text of a string, with nothing where a template has its values. */
export function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => literal.text).join('');
}

/** The function of this file that a call means: `helper(…)`, `this.helper(…)`. */
export function calledFunction(source: ts.SourceFile, call: ts.CallExpression): ts.Node | undefined {
  const name = lastName(call.expression);
  for (const node of nodesOf(source)) {
    if ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.name?.getText() === name)
      return node;
    if ((ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) && node.name.getText() === name)
      return node.initializer;
  }
  return undefined;
}
