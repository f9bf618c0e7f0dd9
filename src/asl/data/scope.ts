import type { Json, JsonObject } from '../../json/json.js';
import type { Query, QueryAnswer } from './jsonata-query.js';
import type { Value } from './value.js';
import type { Work } from './work-limit.js';

/** What an expression may look at. */
export interface Scope {
  /** `$`. */
  input: Value;
  /** `$$`; made on demand, since most states never ask. */
  context(): Value;
  /** `$name`. */
  variable(name: string): Json | undefined;
  /** The execution's next random number, in [0, 1). */
  random(): number;
  /** What all expressions of a phase may do together. */
  work: Work;
  /** `$states` of JSONata. */
  states(): JsonObject;
  /** What JSONata made of the queries of this phase; `prepared` sees to it. */
  answers?: ReadonlyMap<Query, QueryAnswer>;
}
