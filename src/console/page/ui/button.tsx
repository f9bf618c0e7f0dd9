import type { ComponentChildren } from 'preact';
import { go } from '../core/router.js';
import { Icon, type IconName } from './icon.js';

const giveFocusOnce = (button: HTMLButtonElement | null): void => button?.focus({ preventScroll: true });

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => void;
  kind?: 'plain' | 'main' | 'danger' | 'quiet';
  icon?: IconName;
  disabled?: boolean;
  type?: 'button' | 'submit';
  pressed?: boolean;
  /** Has the focus when it comes. */
  focus?: boolean;
}

export const Button = ({
  children,
  onClick,
  kind = 'plain',
  icon,
  disabled,
  type = 'button',
  pressed,
  focus,
}: ButtonProps) => (
  <button
    ref={focus ? giveFocusOnce : undefined}
    type={type}
    class={`button ${kind}`}
    disabled={disabled}
    aria-pressed={pressed}
    onClick={(event) => {
      // What changes something takes the first click of a double click only: the second may be meant for what was here before.
      if (event.detail > 1 && (kind === 'main' || kind === 'danger')) event.preventDefault();
      else onClick?.();
    }}
  >
    {icon && <Icon name={icon} />}
    <span>{children}</span>
  </button>
);

interface IconButtonProps {
  icon: IconName;
  /** Read aloud, and shown on hover. */
  label: string;
  onClick: () => void;
  disabled?: boolean;
}

export const IconButton = ({ icon, label, onClick, disabled }: IconButtonProps) => (
  <button
    type="button"
    class="button icon-only"
    aria-label={label}
    title={label}
    disabled={disabled}
    onClick={onClick}
  >
    <Icon name={icon} />
  </button>
);

interface LinkProps {
  href: string;
  children: ComponentChildren;
  class?: string;
  title?: string;
  current?: boolean;
  label?: string;
  tabIndex?: number;
}

/** To another page of this one; opened in a tab as the browser does it. */
export const Link = ({ href, children, class: className, title, current, label, tabIndex }: LinkProps) => (
  <a
    href={href}
    class={className}
    title={title}
    aria-label={label}
    tabIndex={tabIndex}
    aria-current={current ? 'page' : undefined}
    onClick={(event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(href);
    }}
  >
    {children}
  </a>
);
