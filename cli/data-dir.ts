import { homedir } from "node:os";
import { join } from "node:path";

/** The per-user directory of clusters, where each system wants it. */
export function defaultDataDir(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = homedir();
  switch (platform) {
    case "darwin":
      return join(home, "Library", "Application Support", "kubefacade");
    case "win32":
      return join(environment["LOCALAPPDATA"] || join(home, "AppData", "Local"), "kubefacade");
    default:
      return join(environment["XDG_DATA_HOME"] || join(home, ".local", "share"), "kubefacade");
  }
}
