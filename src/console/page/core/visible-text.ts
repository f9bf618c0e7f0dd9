import { options, type VNode } from 'preact';
import { visible } from '../../../views/text/safe-text.js';

/**
 * Whatever is drawn as text is shown as text: names, causes and cells come from outside, and what is unseen in them
 * (controls, marks of direction) stands there as an escape. Data that is copied or saved stays as it is.
 */
export function showTextAsText(): void {
  const before = options.vnode;
  options.vnode = (vnode) => {
    if (typeof vnode.type === 'string') makeVisible(vnode as VNode<Record<string, unknown>>);
    before?.(vnode);
  };
}

const SHOWN = ['title', 'aria-label', 'placeholder', 'alt'];

function makeVisible({ props }: VNode<Record<string, unknown>>): void {
  const { children } = props;
  if (typeof children === 'string') props.children = visible(children);
  else if (Array.isArray(children))
    for (const [index, child] of children.entries())
      if (typeof child === 'string') children[index] = visible(child);
  for (const name of SHOWN) {
    const value = props[name];
    if (typeof value === 'string') props[name] = visible(value);
  }
}
