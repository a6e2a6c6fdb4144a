/** A list in an answer, with the element name its items carry in XML. */
export interface XmlList {
  readonly element: string;
  readonly items: readonly unknown[];
}

/** Makes a list for an answer: `elements("DBCluster", clusters)` under `DBClusters`. */
export const elements = (element: string, items: readonly unknown[]): XmlList => ({ element, items });

/**
 * Writes one value under a name; `undefined` writes nothing at all, since clients tell an absent
 * `TagList` from an empty one.
 */
const xml = (name: string, value: unknown): string => {
  if (value === undefined || value === null) return "";
  const content = contentOf(value);
  return content === "" ? `<${name}/>` : `<${name}>${content}</${name}>`;
};

export const xmlMembers = (value: object): string => {
  let text = "";
  for (const name of Object.keys(value)) text += xml(name, value[name as keyof typeof value]);
  return text;
};

const contentOf = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null) return escapeText(String(value));
  if (isList(value)) return value.items.reduce<string>((text, item) => text + xml(value.element, item), "");
  // A bare array would need an element name that only the model knows; a wrong one reads as an empty list.
  if (Array.isArray(value)) throw new TypeError("wrap lists in elements(name, items)");
  return xmlMembers(value);
};

const isList = (value: object): value is XmlList =>
  Array.isArray((value as Partial<XmlList>).items) && typeof (value as Partial<XmlList>).element === "string";

const escapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

const special = /[&<>"\r]/g;

// Most of what is written has nothing to escape, and `search` is several times as fast as `replace`.
export const escapeText = (value: string): string =>
  value.search(special) < 0 ? value : value.replace(special, (found) => escapes[found] as string);
