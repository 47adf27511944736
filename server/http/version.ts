import type { Exchange } from "./request-context.ts";
import { respond } from "./responder.ts";

/** The version that this server is. */
export const kubernetesVersion = "v1.36.3";

const [major = "", minor = ""] = kubernetesVersion.slice(1).split(".");

/** version.Info, with our own build facts where upstream has those of its Go build. */
export const versionInfo = {
  major,
  minor,
  emulationMajor: major,
  emulationMinor: minor,
  minCompatibilityMajor: major,
  minCompatibilityMinor: String(Number(minor) - 1),
  gitVersion: kubernetesVersion,
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "",
  platform: `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`,
};

/** /version: indented, as upstream writes it. */
export function serveVersion(exchange: Exchange): Promise<void> | undefined {
  const content = Buffer.from(JSON.stringify(versionInfo, null, 2));
  return respond(exchange, 200, { contentType: "application/json", content });
}
