/** What shows a server who asks. PEM texts. */
export interface Credentials {
  /** "Bearer …" or "Basic …" */
  authorization?: string;
  cert?: string;
  key?: string;
}

/** Where an API server is, how it is known for itself, and who asks. PEM texts. */
export interface ServerAccess extends Credentials {
  /** https://host:port, perhaps with a path below which it serves. */
  url: string;
  ca?: string;
  /** The name that its certificate has to be for, where that is not the host of the url. */
  serverName?: string;
  insecure?: boolean;
  /** A token that others replace before it expires; it wins. */
  tokenFile?: string;
  /** A program that tells the credentials. */
  exec?: ExecPlugin;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
export interface ExecPlugin {
  apiVersion: string;
  command: string;
  args: readonly string[];
  env: readonly { name: string; value: string }[];
  provideClusterInfo: boolean;
}
