const escapes: Record<string, string> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Control characters go as references: a bare CR would come back as LF. */
export const escapeXml = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys may hold them
  text.replace(/[<>&"'\u0000-\u001f\u007f]/g, (char) => escapes[char] ?? `&#${char.charCodeAt(0)};`);

/** `content` is XML already. */
export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** An element of plain text; nothing when there is no value. */
export const leaf = (name: string, value: string | number | boolean | undefined): string =>
  value === undefined ? '' : element(name, escapeXml(String(value)));

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export const xmlDocument = (root: string, content: string): string =>
  `${declaration}<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${root}>`;

/** Errors are the one document of S3 without a namespace. */
export const errorDocument = (content: string): string => declaration + element('Error', content);

/** A text that is no XML document, or not one of the kind that services send. */
export class XmlError extends Error {}

export interface XmlElement {
  /** Without namespace prefix. */
  name: string;
  /** Own text, entities decoded. */
  text: string;
  children: XmlElement[];
}

const token =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)(?:\s(?:"[^"]*"|'[^']*'|[^>"'/])*)?(\/)?>|([^<]+)/y;

/**
 * The root element of a small XML document (what S3's clients send: elements and text).
 * @throws XmlError
 */
export function parseXml(source: string): XmlElement {
  const top: XmlElement = { name: '', text: '', children: [] };
  const open = [top];
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const match = token.exec(source);
    const current = open.at(-1);
    if (!match || !current) throw new XmlError();
    const [, cdata, closing, opening, selfClosing, text] = match;
    if (opening !== undefined) {
      const child: XmlElement = { name: localName(opening), text: '', children: [] };
      current.children.push(child);
      if (!selfClosing) open.push(child);
    } else if (closing !== undefined) {
      if (open.length === 1 || current.name !== localName(closing)) throw new XmlError();
      open.pop();
    } else {
      current.text += cdata ?? decodeEntities(text ?? '');
    }
  }
  const [root] = top.children;
  if (!root || top.children.length > 1 || open.length > 1 || top.text.replace('\ufeff', '').trim() !== '') {
    throw new XmlError();
  }
  return root;
}

/** The first child of that name. */
export const child = (parent: XmlElement, name: string): XmlElement | undefined =>
  parent.children.find((one) => one.name === name);

export const childText = (parent: XmlElement, name: string): string | undefined => child(parent, name)?.text;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(\w+));|&/gi, (_, hex, decimal, name) => {
    const known = name === undefined ? undefined : entities[String(name)];
    if (known !== undefined) return known;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (!(code <= 0x10ffff)) throw new XmlError();
    return String.fromCodePoint(code);
  });
}
