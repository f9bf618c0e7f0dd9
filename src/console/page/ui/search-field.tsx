import { Icon } from './icon.js';

interface SearchProps {
  value: string;
  /** What is searched; read aloud, too. */
  label: string;
  onInput: (text: string) => void;
}

export const SearchField = ({ value, label, onInput }: SearchProps) => (
  <label class="search">
    <Icon name="search" />
    <input
      type="search"
      value={value}
      placeholder={label}
      aria-label={label}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  </label>
);
