/** A request free of HTTP's machinery, so that it can also be made inside the process. */
export interface SimulatorRequest {
  readonly method: string;
  /** Path with query string, as on the request line. */
  readonly target: string;
  /** Names in lower case. Must hold `host` as it was signed. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface SimulatorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The connection is to be dropped instead of answered. */
  readonly reset?: true;
}

export type Pair = readonly [name: string, value: string];

/** The query string of a request target, decoded, in the order given. */
export const queryPairs = (target: string): Pair[] => formPairs(target.split("?")[1] ?? "");

/** A form or query string, decoded. A bare `Tags` or `Tags=` reads as empty. */
export const formPairs = (encoded: string): Pair[] =>
  encoded
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? [decode(part), ""] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
    });

const encodedSigns = /[%+]/;

const decode = (encoded: string): string => {
  // Most names and values are plain, and decoding takes several times as long as looking.
  if (!encodedSigns.test(encoded)) return encoded;
  const spaced = encoded.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    // A stray percent sign: taken as it stands, so that a broken request is refused by name, not by a crash.
    return spaced;
  }
};

export const pathOf = (target: string): string => target.split("?")[0] || "/";
