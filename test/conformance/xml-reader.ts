/** An element of an answer. It holds either elements or text, never both: AWS mixes them nowhere. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Cursor {
  readonly source: string;
  at: number;
}

/**
 * Reads an XML document strictly, and only the little of XML that AWS's query services answer with: a
 * prolog, elements, attributes in double quotes, text and the five named escapes besides numeric ones.
 * Anything else, such as a bare `&`, a comment or an element left open, throws with its position.
 */
export const readXml = (source: string): XmlElement => {
  const cursor: Cursor = { source, at: 0 };
  take(cursor, /<\?xml version="1\.[01]"(?: encoding="[\w-]+")?\?>\s*/y);
  const root = readElement(cursor);
  take(cursor, /\s+/y);
  if (cursor.at !== source.length) throw wrong(cursor, "something after the root element");
  return root;
};

const namePattern = /[A-Za-z_][\w.-]*/y;

const readElement = (cursor: Cursor): XmlElement => {
  expect(cursor, /</y, "an element");
  const name = expect(cursor, namePattern, "a name");
  const attributes = readAttributes(cursor);
  if (take(cursor, /\/>/y) !== undefined) return { name, attributes, children: [], text: "" };
  expect(cursor, />/y, `the end of <${name}`);
  const { children, text } = readContent(cursor);
  const closing = expect(cursor, /<\/([A-Za-z_][\w.-]*)>/y, `</${name}>`);
  if (closing !== `</${name}>`) throw wrong(cursor, `${closing} where </${name}> belongs`);
  return { name, attributes, children, text };
};

const readAttributes = (cursor: Cursor): ReadonlyMap<string, string> => {
  const attributes = new Map<string, string>();
  while (take(cursor, /\s+(?=[A-Za-z_])/y) !== undefined) {
    const name = expect(cursor, namePattern, "an attribute");
    expect(cursor, /="/y, "an equals sign and a double quote");
    const value = expect(cursor, /[^"<]*/y, "a value");
    expect(cursor, /"/y, "a closing quote");
    if (attributes.has(name)) throw wrong(cursor, `the attribute ${name} twice`);
    attributes.set(name, unescaped(cursor, value));
  }
  return attributes;
};

const readContent = (cursor: Cursor): { children: XmlElement[]; text: string } => {
  const children: XmlElement[] = [];
  const raw = expect(cursor, /[^<]*/y, "text");
  if (cursor.source.startsWith("</", cursor.at)) return { children, text: unescaped(cursor, raw) };
  let between = raw;
  for (;;) {
    if (between.trim() !== "") throw wrong(cursor, "text beside elements");
    if (cursor.source.startsWith("</", cursor.at)) return { children, text: "" };
    children.push(readElement(cursor));
    between = expect(cursor, /[^<]*/y, "text");
  }
};

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

// The control characters that XML 1.0 forbids are refused raw and escaped alike, as parsers do.
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const unescaped = (cursor: Cursor, raw: string): string => {
  const text = raw.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));|&/g, (found, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    const value = named[name as string];
    if (value === undefined) throw wrong(cursor, `the escape ${found}`);
    return value;
  });
  if (forbidden.test(text) || raw.includes("]]>")) throw wrong(cursor, "a character that XML forbids");
  return text;
};

const take = (cursor: Cursor, pattern: RegExp): string | undefined => {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.source)?.[0];
  if (found !== undefined) cursor.at += found.length;
  return found;
};

const expect = (cursor: Cursor, pattern: RegExp, wanted: string): string => {
  const found = take(cursor, pattern);
  if (found === undefined) throw wrong(cursor, `no ${wanted}`);
  return found;
};

const wrong = ({ source, at }: Cursor, what: string): Error =>
  new Error(`XML, character ${at}: ${what}, before ${JSON.stringify(source.slice(at, at + 60))}`);
