import { useId } from 'preact/hooks';
import type { PausedStepDocument } from '../../../api.js';
import { fieldName } from './field-values.js';

type Field = PausedStepDocument['fields'][number];

interface FieldProps {
  field: Field;
  value: string;
  onChange: (name: string, value: string) => void;
}

/** A field of the form, after the kind that the machine compares it as. */
export function FieldInput({ field, value, onChange }: FieldProps) {
  const id = useId();
  const { path, kind, options } = field;
  const set = (text: string): void => onChange(fieldName(field), text);
  const choices = kind === 'boolean' ? ['true', 'false'] : options;
  return (
    <div class="field">
      <label for={id} class="mono">
        {path.join('.')}
      </label>
      {kind === 'boolean' ? (
        <select id={id} value={value} onChange={(event) => set(event.currentTarget.value)}>
          <option value="">—</option>
          {choices.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      ) : (
        <>
          <input
            id={id}
            type={kind === 'number' ? 'number' : 'text'}
            step="any"
            list={choices.length > 0 ? `${id}-options` : undefined}
            value={value}
            onInput={(event) => set(event.currentTarget.value)}
          />
          {choices.length > 0 && (
            <datalist id={`${id}-options`}>
              {choices.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </>
      )}
    </div>
  );
}
