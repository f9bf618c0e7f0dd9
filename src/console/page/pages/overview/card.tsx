import type { ComponentChildren } from 'preact';
import { language } from '../../core/settings.js';
import { Link } from '../../ui/button.js';

interface CardProps {
  /** Colours the number where there is something to see. */
  look: string;
  label: string;
  value: number | string;
  href: string;
  children?: ComponentChildren;
}

/** One number, and the way to what it counts. */
export const Card = ({ look, label, value, href, children }: CardProps) => (
  <Link href={href} class="card">
    <span class="card-label">{label}</span>
    <span class={`card-value ${value === 0 ? '' : `look-${look}`}`}>
      {typeof value === 'number' ? value.toLocaleString(language.value) : value}
    </span>
    <span class="card-more">{children}</span>
  </Link>
);

/** As people write it; never 100% where something failed. */
export function percentText(rate: number | undefined): string {
  if (rate === undefined) return '–';
  const percent = rate * 100;
  return `${rate < 1 && percent > 99.9 ? '99.9' : percent >= 10 || percent === 0 ? String(Math.round(percent * 10) / 10) : percent.toFixed(1)}%`;
}
