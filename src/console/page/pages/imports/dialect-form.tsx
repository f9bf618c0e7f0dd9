import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { ImportCheckDocument } from '../../../api.js';
import { t } from '../../text/index.js';

/** How the file is to be read; what is not said is found out. */
export interface Dialect {
  encoding?: string;
  delimiter?: string;
  header?: boolean;
  fix?: boolean;
}

const encodings = ['utf-8', 'shift_jis', 'euc-jp', 'iso-2022-jp', 'utf-16le', 'utf-16be', 'windows-1252'];
const delimiters = [',', '\t', ';', '|', ' '] as const;

interface FormProps {
  check: ImportCheckDocument['files'][number]['check'];
  dialect: Dialect;
  onDialect: (dialect: Dialect) => void;
  table: string;
  onTable: (table: string) => void;
}

export function DialectForm({ check, dialect, onDialect, table, onTable }: FormProps) {
  const words = t().imports;
  const encoding = check.encoding ?? '';
  const named = encodings.includes(encoding) || encoding === '' ? encodings : [encoding, ...encodings];
  const fixes = check.problems.filter(({ fix }) => fix === 'offered' || fix === 'done').length;
  return (
    <div class="dialect">
      <Field label={words.table}>
        {(id) => (
          <input
            id={id}
            value={table}
            spellcheck={false}
            onInput={(event) => onTable(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={words.encoding}>
        {(id) => (
          <select
            id={id}
            value={encoding}
            onChange={(event) => onDialect({ ...dialect, encoding: event.currentTarget.value })}
          >
            {encoding === '' && <option value="">—</option>}
            {named.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={words.delimiter}>
        {(id) => (
          <select
            id={id}
            value={check.delimiter ?? ','}
            onChange={(event) => onDialect({ ...dialect, delimiter: event.currentTarget.value })}
          >
            {delimiters.map((one) => (
              <option key={one} value={one}>
                {words.delimiters[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <label class="tick">
        <input
          type="checkbox"
          checked={dialect.header !== false}
          onChange={(event) => onDialect({ ...dialect, header: event.currentTarget.checked })}
        />
        {words.header}
      </label>
      {fixes > 0 && (
        <label class="tick">
          <input
            type="checkbox"
            checked={dialect.fix === true}
            onChange={(event) => onDialect({ ...dialect, fix: event.currentTarget.checked })}
          />
          {words.fix}
        </label>
      )}
    </div>
  );
}

function Field({ label, children }: { label: string; children: (id: string) => ComponentChildren }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id)}
    </div>
  );
}
