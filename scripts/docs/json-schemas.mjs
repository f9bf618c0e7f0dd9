// JSON Schemas of what `-o json` prints, from the types in src/cli/documents.ts.
import { join } from 'node:path';
import ts from 'typescript';

/** A type that repeats itself within itself is described once. */
const deepest = 12;

/** @returns {Map<string, object>} by the name in `Documents` */
export function documentSchemas(root) {
  const file = join(root, 'src/cli/documents.ts');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([file], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const declared = source.statements.find(
    (one) => ts.isInterfaceDeclaration(one) && one.name.text === 'Documents',
  );
  const documents = checker.getTypeAtLocation(declared);
  const schemaOf = createSchemas(checker, declared);
  return new Map(
    documents.getProperties().map((member) => {
      const schema = schemaOf(checker.getTypeOfSymbolAtLocation(member, declared), 0, []);
      return [
        member.name,
        {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          title: `mbc-flow ${member.name}`,
          ...schema,
        },
      ];
    }),
  );
}

/** Of several schemas the one that says as much, as short as can be. */
function oneOf(variants) {
  const distinct = [...new Map(variants.map((one) => [JSON.stringify(one), one])).values()];
  const texts = distinct.map((one) => JSON.stringify(one));
  if (texts.includes('{}') || anyJson.every((text) => texts.includes(text))) return {};
  const isPlain = (one) => Object.keys(one).join() === 'type';
  const types = distinct.filter(isPlain).map(({ type }) => type);
  // The usual case: something, or null.
  const typed = distinct.filter((one) => !isPlain(one) && one.type !== undefined);
  const others = distinct.filter((one) => !isPlain(one) && one.type === undefined);
  const all = [
    ...(typed.length === 1 && types.join() === 'null'
      ? [{ ...typed[0], type: [typed[0].type, 'null'] }]
      : [
          ...(types.length > 0 ? [{ type: types.length === 1 ? types[0] : types.sort().reverse() }] : []),
          ...typed,
        ]),
    ...others,
  ];
  return all.length === 1 ? all[0] : { anyOf: all };
}
const anyJson = [
  { type: 'string' },
  { type: 'number' },
  { type: 'boolean' },
  { type: 'null' },
  { type: 'array', items: {} },
].map((one) => JSON.stringify(one));

function createSchemas(checker, place) {
  const descriptionOf = (symbol) => {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
    return text === '' ? {} : { description: text.replaceAll(/\s+/g, ' ') };
  };

  function objectOf(type, depth, within) {
    const index = checker
      .getIndexInfosOfType(type)
      .find(({ keyType }) => keyType.flags & ts.TypeFlags.String);
    const properties = {};
    const required = [];
    for (const member of type.getProperties()) {
      const memberType = checker.getTypeOfSymbolAtLocation(member, place);
      const kinds = memberType.isUnion() ? memberType.types : [memberType];
      const present = kinds.filter((one) => !(one.flags & ts.TypeFlags.Undefined));
      // Functions and symbols are not written.
      if (present.length === 0 || present.every((one) => one.getCallSignatures().length > 0)) continue;
      properties[member.name] = { ...schemaOf(memberType, depth + 1, within), ...descriptionOf(member) };
      if (!(member.flags & ts.SymbolFlags.Optional) && present.length === kinds.length)
        required.push(member.name);
    }
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(required.length > 0 && { required: required.sort() }),
      ...(index && { additionalProperties: schemaOf(index.type, depth + 1, within) }),
    };
  }

  function unionOf(types, depth, within) {
    const given = types.filter((one) => !(one.flags & ts.TypeFlags.Undefined));
    if (given.length === 1) return schemaOf(given[0], depth, within);
    const literals = given.filter((one) => one.isStringLiteral() || one.isNumberLiteral());
    const booleans = given.filter((one) => one.flags & ts.TypeFlags.BooleanLiteral);
    const others = given.filter((one) => !literals.includes(one) && !booleans.includes(one));
    const variants = [
      ...(booleans.length === 2
        ? [{ type: 'boolean' }]
        : booleans.map((one) => schemaOf(one, depth, within))),
      ...(literals.length > 0 ? [{ enum: literals.map(({ value }) => value).sort() }] : []),
      ...others.map((one) => schemaOf(one, depth, within)),
    ];
    return oneOf(variants);
  }

  function schemaOf(type, depth, within) {
    const { flags } = type;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown) || depth > deepest || within.includes(type))
      return {};
    if (type.isUnion()) {
      // Any JSON.
      if (type.aliasSymbol?.name === 'Json') return {};
      return unionOf(type.types, depth, within);
    }
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.StringLike) return { type: 'string' };
    if (flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.symbol?.name === 'Date') return { type: 'string', format: 'date-time' };
    if (checker.isArrayType(type) || checker.isTupleType(type)) {
      const items = checker.getTypeArguments(type).map((one) => schemaOf(one, depth + 1, [...within, type]));
      const distinct = [...new Map(items.map((one) => [JSON.stringify(one), one])).values()];
      return { type: 'array', items: distinct.length === 1 ? distinct[0] : { anyOf: distinct } };
    }
    return objectOf(type, depth, [...within, type]);
  }
  return schemaOf;
}
