/**
 * /statusz and /flagz: what the server is and how it was started, for people (text) and programs (config.k8s.io).
 * Sources: k8s.io/apiserver/pkg/server/statusz and flagz; KEP-4827, KEP-4828.
 */
import { type Clock, timestampAt } from "../../api/clock.ts";
import { jsonType, yamlType } from "../../api/media-type.ts";
import type { JsonObject } from "../../api/object.ts";
import { notAcceptable } from "../../api/status.ts";
import { encoderOf } from "./encoder.ts";
import { parseAccept } from "./negotiate.ts";
import type { PathRoutes } from "./path-routes.ts";
import type { Exchange } from "./request-context.ts";
import { respond } from "./responder.ts";
import { versionInfo } from "./version.ts";

export interface ZPagesOptions {
  clock: Clock;
  /** Milliseconds since the epoch. */
  startTime: number;
  /** What was set by the flags of kube-apiserver's names. */
  flags: () => Readonly<Record<string, string>>;
}

const component = "apiserver";
const group = "config.k8s.io";
const textType = "text/plain";
const structuredTypes = [jsonType, yamlType] as const;
const versions = ["v1beta1", "v1alpha1"];
const deprecatedVersion = "v1alpha1";

interface Page {
  name: "statusz" | "flagz";
  kind: string;
  text(): string;
  fields(): JsonObject;
}

export function addZPages(paths: PathRoutes, { clock, startTime, flags }: ZPagesOptions): void {
  const uptime = () => Math.max(0, Math.floor((clock.now() - startTime) / 1000));
  const statusFields = () => ({
    startTime: timestampAt(startTime),
    uptimeSeconds: uptime(),
    goVersion: versionInfo.goVersion,
    binaryVersion: versionInfo.gitVersion.slice(1),
    emulationVersion: `${versionInfo.emulationMajor}.${versionInfo.emulationMinor}`,
    paths: debuggingPaths(paths.paths()),
  });
  const pages: Page[] = [
    {
      name: "statusz",
      kind: "Statusz",
      fields: statusFields,
      text() {
        const { goVersion, binaryVersion, emulationVersion, paths: all } = statusFields();
        const lines = {
          Started: unixDate(startTime),
          Up: upText(uptime()),
          "Go version": goVersion,
          "Binary version": binaryVersion,
          "Emulation version": emulationVersion,
          Paths: all.join(" "),
        };
        const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\n`);
        return `\n${text.join("")}`;
      },
    },
    {
      name: "flagz",
      kind: "Flagz",
      fields: () => ({ flags: sorted(flags()) }),
      text() {
        const lines = Object.entries(sorted(flags())).map(([name, value]) => `${name}:${value}\n`);
        return lines.join("");
      },
    },
  ];
  for (const page of pages) paths.add(`/${page.name}`, (exchange) => serve(exchange, page));
}

async function serve(exchange: Exchange, page: Page): Promise<void> {
  const form = formOf(exchange.request.headers.accept ?? "", page);
  if (form === textType) {
    const head = `\n${component} ${page.name}\nWarning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.\n`;
    const content = Buffer.from(head + page.text());
    return respond(exchange, 200, { contentType: "text/plain; charset=utf-8", content });
  }
  const { mediaType, version } = form;
  if (version === deprecatedVersion) {
    exchange.warnings.add(
      `This version of the ${page.name} endpoint is deprecated. Please use a newer version.`,
    );
  }
  const encoder = await encoderOf({ mediaType, pretty: true });
  const object = {
    kind: page.kind,
    apiVersion: `${group}/${version}`,
    metadata: { name: component },
    ...page.fields(),
  };
  return respond(exchange, 200, {
    contentType: `${mediaType};g=${group};v=${version};as=${page.kind}`,
    content: encoder.encode(object, undefined),
  });
}

type Form = typeof textType | { mediaType: (typeof structuredTypes)[number]; version: string };

/** Text, unless JSON or YAML of the page's kind is asked for. */
function formOf(accept: string, { kind }: Page): Form {
  if (accept.trim() === "") return textType;
  for (const { type, subtype, parameters } of parseAccept(accept)) {
    const takes = (mediaType: string): boolean => {
      const [ownType, ownSubtype] = mediaType.split("/");
      return type === "*" || (type === ownType && (subtype === "*" || subtype === ownSubtype));
    };
    const version = parameters.get("v") ?? "";
    const known =
      versions.includes(version) && parameters.get("g") === group && parameters.get("as") === kind;
    const mediaType = structuredTypes.find(takes);
    if (known && mediaType) return { mediaType, version };
    const isPlain = !["as", "g", "v"].some((name) => parameters.has(name));
    if (isPlain && takes(textType)) return textType;
  }
  throw notAcceptable([...structuredTypes, textType]);
}

const otherFolders = new Set(["/apis", "/api", "/openid", "/openapi", "/.well-known"]);

function debuggingPaths(paths: readonly string[]): string[] {
  const folders = paths.map((path) => `/${path.split("/")[1]}`);
  return [...new Set(folders)].filter((folder) => folder !== "/" && !otherFolders.has(folder)).sort();
}

function sorted(flags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(flags).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const twoDigits = (number: number): string => String(number).padStart(2, "0");

const upText = (seconds: number): string =>
  `${Math.floor(seconds / 3600)} hr ${twoDigits(Math.floor(seconds / 60) % 60)} min ${twoDigits(seconds % 60)} sec`;

/** "Sat Nov 21 14:20:52 UTC 2026". Source: time.UnixDate. */
function unixDate(milliseconds: number): string {
  const [day = "", date = "", month = "", year = "", time = ""] = new Date(milliseconds)
    .toUTCString()
    .split(" ");
  return `${day.slice(0, 3)} ${month} ${String(Number(date)).padStart(2)} ${time} UTC ${year}`;
}
