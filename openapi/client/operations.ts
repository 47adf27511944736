/** The client's methods: every operation of the API but the watch paths, which OpenAPI's client does not have. */
import { commentText, readSource, unescapeHtml } from "./source.ts";

export interface ClientQueryParameter {
  name: string;
  /** The client's type: "string", "number" or "boolean". */
  type: string;
  description: string | undefined;
}

export interface ClientOperation {
  /** Class without its "Api", e.g. "CoreV1". */
  api: string;
  /** Method name, e.g. "readNamespacedPod". */
  name: string;
  /** HTTP method in lower case. */
  method: string;
  path: string;
  description: string;
  query: ClientQueryParameter[];
  pathParameters: { name: string; description: string | undefined }[];
  body: { type: string; required: boolean } | undefined;
  /** Status codes with the client's type of the body. */
  responses: Map<string, string | undefined>;
}

/** Reads the classes that types/PromiseAPI.js names: the folder also holds stale files of older releases. */
export function readOperations(): ClientOperation[] {
  const classes = readSource("types/PromiseAPI.js").matchAll(/export class Promise(\w+)Api /g);
  return [...classes]
    .map(([, api = ""]) => api)
    .filter((api) => api !== "CustomObjects") // hand-made by the client's authors, not of the specification
    .flatMap(readClass);
}

function readClass(api: string): ClientOperation[] {
  const source = readSource(`apis/${api}Api.js`);
  const docs = readDocs(readSource(`apis/${api}Api.d.ts`));
  const cut = source.indexOf("ApiResponseProcessor {");
  const responses = new Map(methods(source.slice(cut)).map((text) => readResponses(text)));
  return methods(source.slice(0, cut)).map((text) => {
    const name = text.slice(0, text.indexOf("("));
    const doc = docs.get(name) ?? { description: "", parameters: new Map<string, string>() };
    return {
      api,
      name,
      description: doc.description,
      responses: responses.get(name) ?? new Map(),
      ...readRequest(text, doc.parameters),
    };
  });
}

function methods(source: string): string[] {
  return source.split(/^ {4}async /m).slice(1);
}

function readRequest(
  text: string,
  docs: ReadonlyMap<string, string>,
): Pick<ClientOperation, "path" | "method" | "query" | "pathParameters" | "body"> {
  const path = /localVarPath = '([^']*)'/.exec(text)?.[1];
  const method = /HttpMethod\.(\w+)\)/.exec(text)?.[1];
  if (path === undefined || method === undefined)
    throw new Error(`client method without a path: ${text.slice(0, 80)}`);
  const query = text.matchAll(/setQueryParam\("([^"]+)", ObjectSerializer\.serialize\((\w+), "([^"]*)"/g);
  const inPath = text.matchAll(
    /\.replace\('\{' \+ '([^']+)' \+ '\}', encodeURIComponent\(String\((\w+)\)\)/g,
  );
  const body = /serialize\(body, "([^"]+)"/.exec(text)?.[1];
  return {
    // The client drops the slash that the issuer's documents end with.
    path: /^\/(openid|\.well-known)\//.test(path) ? `${path}/` : path,
    method: method.toLowerCase(),
    query: [...query].map(([, name = "", argument = "", type = ""]) => ({
      name,
      type,
      description: docs.get(argument) || undefined,
    })),
    pathParameters: [...inPath].map(([, name = "", argument = ""]) => ({
      name,
      description: docs.get(argument) || undefined,
    })),
    body:
      body === undefined
        ? undefined
        : { type: body, required: /RequiredError\("\w+", "\w+", "body"\)/.test(text) },
  };
}

function readResponses(text: string): [string, Map<string, string | undefined>] {
  const name = text.slice(0, text.indexOf("WithHttpInfo("));
  const codes = new Map<string, string | undefined>();
  const branch =
    /isCodeInRange\("(\d+)"[\s\S]*?(?:contentType\), "([^"]*)", "[^"]*"\)|throw new ApiException\(response\.httpStatusCode)/g;
  for (const [, code = "", type] of text.matchAll(branch)) codes.set(code, type);
  return [name, codes];
}

interface Doc {
  description: string;
  parameters: Map<string, string>;
}

function readDocs(declarations: string): Map<string, Doc> {
  const docs = new Map<string, Doc>();
  const method = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+)\([^)]*\): Promise<RequestContext>/g;
  for (const [, comment = "", name = ""] of declarations.matchAll(method)) {
    const parameters = new Map<string, string>();
    const description: string[] = [];
    for (const line of commentText(comment).split("\n")) {
      const [, parameter, text] = /^@param (\w+) ?(.*)$/.exec(line) ?? [];
      if (parameter !== undefined) parameters.set(parameter, unescapeHtml(text ?? ""));
      else if (line) description.push(line);
    }
    docs.set(name, { description: unescapeHtml(description.join("\n")), parameters });
  }
  return docs;
}
