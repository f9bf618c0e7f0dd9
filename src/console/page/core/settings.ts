import { effect, signal } from '@preact/signals';

export type Language = 'en' | 'ja';
export type Theme = 'system' | 'light' | 'dark';

const LANGUAGES: readonly Language[] = ['en', 'ja'];
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export const language = signal<Language>(
  kept('language', LANGUAGES) ?? (navigator.language.startsWith('ja') ? 'ja' : 'en'),
);
export const theme = signal<Theme>(kept('theme', THEMES) ?? 'system');

export const nextTheme = (): void => {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system';
};
export const nextLanguage = (): void => {
  language.value = language.value === 'en' ? 'ja' : 'en';
};

effect(() => {
  document.documentElement.lang = language.value;
  keep('language', language.value);
});
effect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === 'system') delete dataset.theme;
  else dataset.theme = theme.value;
  keep('theme', theme.value);
});

function kept<T extends string>(name: string, values: readonly T[]): T | undefined {
  try {
    return values.find((value) => value === localStorage.getItem(`mbc-flow.${name}`));
  } catch {
    return undefined; // a browser that keeps nothing
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`mbc-flow.${name}`, value);
  } catch {
    // As above: it holds for this page.
  }
}
