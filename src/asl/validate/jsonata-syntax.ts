import jsonata from 'jsonata';

/** What an expression may read of `$states` in some fields only. */
export type StatesField = 'result' | 'errorOutput';

export type ExpressionProblem = {
  code: 'INVALID_JSONATA_EXPRESSION' | 'UNSUPPORTED_JSONATA_EXPRESSION';
  message: string;
};

/** Judges the text between `{%` and `%}`. */
export type ExpressionCheck = (expression: string, available: readonly StatesField[]) => ExpressionProblem[];

/** Nodes as the parser leaves them; what a kind lacks is undefined. */
interface Node {
  type: string;
  value?: unknown;
  position?: number;
  steps?: Node[];
  expression?: Node;
  expressions?: Node[];
  procedure?: Node;
  arguments?: Node[];
  body?: Node;
  condition?: Node;
  then?: Node;
  else?: Node;
  lhs?: Node | [Node, Node][];
  rhs?: Node;
}

/** The parser is heavy: this file is imported only where a machine has JSONata in it. */
export const checkJsonata: ExpressionCheck = (expression, available) => {
  let root: Node;
  try {
    root = jsonata(expression).ast() as Node;
  } catch (error) {
    const newer = newerOperatorBefore(positionOf(error), expression);
    return [newer === undefined ? invalid(messageOf(error)) : unaryOperator(newer)];
  }
  const newer = newerOperatorIn(root, expression);
  return newer === undefined ? new References(available).of(root) : [unaryOperator(newer)];
};

const invalid = (message: string): ExpressionProblem => ({ code: 'INVALID_JSONATA_EXPRESSION', message });
const unsupported = (message: string): ExpressionProblem => ({
  code: 'UNSUPPORTED_JSONATA_EXPRESSION',
  message,
});

function messageOf(error: unknown): string {
  // The parser throws plain objects; a RangeError is our own stack, on an expression nested too deeply.
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}

function positionOf(error: unknown): number {
  const position = typeof error === 'object' && error !== null && 'position' in error ? error.position : 0;
  return typeof position === 'number' ? position : 0;
}

// AWS speaks JSONata 2.0; the parser reads `??` and `?:`, which came later, and makes conditions of them.
const unaryOperator = (operator: string): ExpressionProblem =>
  invalid(`The symbol "${operator.charAt(1)}" cannot be used as a unary operator`);

/** The first of them in the text, wherever in the expression it stands. */
function newerOperatorIn(root: Node, text: string): string | undefined {
  let first = text.length + 1;
  const seen = new Set<unknown>([root]);
  for (const node of seen as Set<Node>) {
    const { type, position = 0 } = node;
    if (type === 'condition' && position < first && isNewer(text.slice(position - 2, position)))
      first = position;
    for (const part of Object.values(node)) if (typeof part === 'object' && part !== null) seen.add(part);
  }
  return first > text.length ? undefined : text.slice(first - 2, first);
}

const isNewer = (operator: string): boolean => operator === '??' || operator === '?:';

const QUOTED_OR_NEWER = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\/\*[\s\S]*?\*\/|\?\?|\?:/g;

/** In a text that the parser gives up at `end`, a parser of 2.0 would have stopped at the first of them. */
function newerOperatorBefore(end: number, text: string): string | undefined {
  return text.slice(0, end).match(QUOTED_OR_NEWER)?.find(isNewer);
}

/**
 * What an expression reads of its surroundings. On AWS there is no context item: a name, `$` or `$$` at the top
 * level refers to nothing. Only the first step of a path stands there (later ones, predicates and groupings look at
 * what the step before them found), and a function's body stands where the function is written.
 */
class References {
  private readonly problems = new Map<string, ExpressionProblem>();
  constructor(private readonly available: readonly StatesField[]) {}

  of(root: Node): ExpressionProblem[] {
    this.visit(root);
    return [...this.problems.values()];
  }

  private visit(node: Node | undefined): void {
    if (!node) return;
    switch (node.type) {
      case 'path':
        this.visit(node.steps?.[0]);
        this.statesField(node.steps ?? []);
        return;
      case 'name':
        this.note(unsupported(`Reference to '${node.value}' at the top level is not supported.`));
        return;
      case 'variable':
        if (node.value === '') this.note(unsupported(`Reference to '$' at the top level is not supported.`));
        else if (node.value === '$') this.note(unsupported(`Reference to '$$' is not supported.`));
        return;
      case 'condition':
        this.all([node.condition, node.then, node.else]);
        return;
      default:
        this.all(childrenOf(node));
    }
  }

  private all(nodes: (Node | undefined)[]): void {
    for (const node of nodes) this.visit(node);
  }

  private statesField([first, second]: Node[]): void {
    if (first?.type !== 'variable' || first.value !== 'states' || second?.type !== 'name') return;
    const field = String(second.value);
    if ((field === 'result' || field === 'errorOutput') && !this.available.includes(field))
      this.note(unsupported(`Field '$states.${field}' does not exist.`));
  }

  private note(problem: ExpressionProblem): void {
    this.problems.set(problem.message, problem);
  }
}

/** The parts that stand where the node itself stands. Sorts, transforms and literals have none. */
function childrenOf(node: Node): (Node | undefined)[] {
  switch (node.type) {
    case 'unary': {
      const pairs = Array.isArray(node.lhs) ? node.lhs.flat() : [];
      return [...pairs, ...(node.expressions ?? []), node.expression];
    }
    case 'binary':
    case 'apply':
      return [Array.isArray(node.lhs) ? undefined : node.lhs, node.rhs];
    case 'function':
    case 'partial':
      return [node.procedure, ...(node.arguments ?? [])];
    case 'lambda':
      return [node.body];
    case 'block':
      return node.expressions ?? [];
    case 'bind':
      return [node.rhs];
    default:
      return [];
  }
}
