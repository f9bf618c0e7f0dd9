// The door to the YAML library, which is CommonJS: imported by name here, so that the bundle's lazily loaded chunk
// has these names (`await import('yaml')` itself would have `default` alone there).
export { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
