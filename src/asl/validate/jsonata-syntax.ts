import jsonata from 'jsonata';
import type { ExpressionCheck, ExpressionProblem, StatesField } from './jsonata.js';

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
    return [invalid(messageOf(error))];
  }
  return new References(expression, available).of(root);
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

/**
 * What an expression reads of its surroundings. On AWS there is no context item: a name, `$` or `$$` at the top
 * level refers to nothing. Only the first step of a path stands there (later ones, predicates and groupings look at
 * what the step before them found), and a function's body stands where the function is written.
 */
class References {
  private readonly problems = new Map<string, ExpressionProblem>();
  constructor(
    private readonly text: string,
    private readonly available: readonly StatesField[],
  ) {}

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
        this.newerOperator(node);
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

  /** AWS speaks JSONata 2.0; the parser reads `??` and `?:`, which came later, into conditions. */
  private newerOperator({ position = 0 }: Node): void {
    const operator = this.text.slice(position - 2, position);
    if (operator === '??' || operator === '?:')
      this.note(invalid(`The symbol "${operator.charAt(1)}" cannot be used as a unary operator`));
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
