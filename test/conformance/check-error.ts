import { type ErrorModel, errorMembersOf } from "./model.ts";
import type { Exchange } from "./wire.ts";
import { readXml, type XmlElement } from "./xml-reader.ts";

/** Compares the body and status of a refusal with the error the model describes; answers what is wrong. */
export const checkError = (exchange: Exchange, wanted: ErrorModel): string[] => {
  const found = exchange.contentType.startsWith("application/x-amz-json")
    ? readJsonError(exchange, wanted)
    : readXmlError(exchange);
  const problems = [...found.problems];
  if (exchange.status !== wanted.status) problems.push(`status ${exchange.status}, not ${wanted.status}`);
  if (found.code !== wanted.code) problems.push(`code ${found.code}, not ${wanted.code}`);
  if (found.message === "") problems.push("no message");
  return problems;
};

interface WireError {
  readonly code: string;
  readonly message: string;
  readonly problems: readonly string[];
}

const namesOf = ({ children }: XmlElement): string => children.map(({ name }) => name).join(" ");

const textOf = ({ children }: XmlElement, name: string): string =>
  children.find((child) => child.name === name)?.text ?? "";

const readXmlError = ({ body, status, requestId }: Exchange): WireError => {
  const root = readXml(body);
  const [error] = root.children;
  if (root.name !== "ErrorResponse" || namesOf(root) !== "Error RequestId" || !error) {
    return { code: "", message: "", problems: [`the envelope is ${root.name}: ${namesOf(root)}`] };
  }
  const problems: string[] = [];
  if (namesOf(error) !== "Type Code Message") problems.push(`the error holds ${namesOf(error)}`);
  const type = status < 500 ? "Sender" : "Receiver";
  if (textOf(error, "Type") !== type) problems.push(`the type is ${textOf(error, "Type")}, not ${type}`);
  if (textOf(root, "RequestId") !== requestId) problems.push("the request id is not the header's");
  return { code: textOf(error, "Code"), message: textOf(error, "Message"), problems };
};

const readJsonError = ({ body, service }: Exchange, { shape }: ErrorModel): WireError => {
  const { __type: code, ...members } = JSON.parse(body) as Record<string, string>;
  const known = errorMembersOf(service, shape) ?? ["message"];
  const strays = Object.keys(members).filter((name) => !known.includes(name));
  const problems = strays.map((name) => `the error holds ${name}, should hold ${known.join(" and ")}`);
  return { code: code ?? "", message: members.message ?? members.Message ?? "", problems };
};
