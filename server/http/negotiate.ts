/** Content negotiation as k8s.io/apiserver/pkg/endpoints/handlers/negotiation and goautoneg do it. */
import { type MediaType, protobufType } from "../../api/media-type.ts";
import { notAcceptable } from "../../api/status.ts";

/** A kind into which the client wants its answer turned. */
export interface Transformation {
  kind: "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
  version: "v1" | "v1beta1";
}

export interface OutputForm {
  mediaType: MediaType;
  pretty: boolean;
  transform: Transformation | undefined;
}

interface AcceptClause {
  type: string;
  subtype: string;
  /** type/subtype. */
  mediaType: string;
  quality: number;
  parameters: Map<string, string>;
}

/** Pure memoisation: a client says the same in each request. Bounded, because the client says it. */
const knownHeaders = new Map<string, readonly AcceptClause[]>();
const maxKnownHeaders = 100;
const maxKnownLength = 1000;

/** The clauses of an Accept header, the wanted ones first. */
export function parseAccept(header: string): readonly AcceptClause[] {
  let clauses = knownHeaders.get(header);
  if (!clauses) {
    clauses = parseHeader(header);
    if (knownHeaders.size < maxKnownHeaders && header.length < maxKnownLength)
      knownHeaders.set(header, clauses);
  }
  return clauses;
}

function parseHeader(header: string): AcceptClause[] {
  const clauses: AcceptClause[] = [];
  for (const part of header.split(",")) {
    const clause = parseClause(part.trim());
    if (clause) clauses.push(clause);
  }
  const wildness = ({ type, subtype }: AcceptClause) => (type === "*" ? 2 : subtype === "*" ? 1 : 0);
  return clauses.sort((a, b) => b.quality - a.quality || wildness(a) - wildness(b));
}

function parseClause(text: string): AcceptClause | undefined {
  const [range = "", ...options] = text.split(";");
  const [type = "", subtype, extra] = range.split("/").map((part) => part.trim());
  if (extra !== undefined || (subtype === undefined && type !== "*")) return undefined;
  const parameters = new Map<string, string>();
  const wanted = { type, subtype: subtype ?? "*", mediaType: `${type}/${subtype ?? "*"}` };
  const clause: AcceptClause = { ...wanted, quality: 1, parameters };
  for (const option of options) {
    const [name = "", value, more] = option.split("=");
    if (value === undefined || value === "" || more !== undefined) continue;
    if (name.trim() === "q") clause.quality = Number.parseFloat(value) || 0;
    else parameters.set(name.trim(), value.trim());
  }
  return clause;
}

/** Into what every stored object can be turned. */
export const metadataTransforms: readonly Transformation["kind"][] = [
  "PartialObjectMetadata",
  "PartialObjectMetadataList",
];

/** And nearly every one. */
export const objectTransforms: readonly Transformation["kind"][] = ["Table", ...metadataTransforms];

/** What kind of answer a path can give. */
export interface NegotiationOptions {
  mediaTypes: readonly MediaType[];
  /** Those in which objects themselves can be written, where they are fewer. */
  objectTypes?: readonly MediaType[];
  transforms: readonly Transformation["kind"][];
}

/** The form of the answer, or a 406. */
export function negotiateOutput(
  accept: string | undefined,
  pretty: boolean,
  options: NegotiationOptions,
): OutputForm {
  if (!accept) {
    return { mediaType: options.mediaTypes[0]!, pretty, transform: undefined };
  }
  for (const clause of parseAccept(accept)) {
    for (const mediaType of options.mediaTypes) {
      const form = matches(clause, mediaType) && acceptForm(clause, mediaType, pretty, options);
      if (form) return form;
    }
  }
  throw notAcceptable(options.mediaTypes);
}

function matches(wanted: AcceptClause, mediaType: MediaType): boolean {
  if (wanted.type === "*") return wanted.subtype === "*";
  return wanted.subtype === "*" ? mediaType.startsWith(`${wanted.type}/`) : mediaType === wanted.mediaType;
}

function acceptForm(
  { parameters }: AcceptClause,
  mediaType: MediaType,
  pretty: boolean,
  options: NegotiationOptions,
): OutputForm | undefined {
  const stream = parameters.get("stream");
  if (stream !== undefined && stream !== "watch") return undefined;
  const serverVersion = parameters.get("sv");
  if (serverVersion !== undefined && serverVersion !== "v1") return undefined;
  const form = { mediaType, pretty: pretty || parameters.get("pretty") === "1" };
  const kind = parameters.get("as");
  const group = parameters.get("g");
  const version = parameters.get("v");
  if (kind === undefined && group === undefined && version === undefined) {
    const isPossible = options.objectTypes?.includes(mediaType) ?? true;
    return isPossible ? { ...form, transform: undefined } : undefined;
  }
  if (group !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) return undefined;
  const known = options.transforms.find((one) => one === kind);
  if (known === undefined || (known === "Table" && mediaType === protobufType)) return undefined;
  return { ...form, transform: { kind: known, version } };
}

/** Whether some clause of the header names one of the types, whatever its parameters; the router knows no "application/*". */
export function acceptsAny(accept: string | undefined, mediaTypes: readonly string[]): boolean {
  if (!accept) return true;
  return parseAccept(accept).some(({ mediaType }) => mediaType === "*/*" || mediaTypes.includes(mediaType));
}

const humanAgents = /^(curl|Wget|Mozilla\/5\.0)/;
const goTrue = new Set(["1", "t", "T", "TRUE", "true", "True"]);

/** Whether the answer is indented: asked for, or the client is a person's. */
export function isPretty(query: URLSearchParams, userAgent: string): boolean {
  const asked = query.get("pretty");
  if (asked) return goTrue.has(asked);
  return humanAgents.test(userAgent);
}
