/** The server that the programs talk to: ours as its users start it, or the real one. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { createCluster } from "../../index.ts";
import { startOurs } from "../differential/ours.ts";
import { startPeer } from "../upstream/peer.ts";

/** Short, so that a version of the start is soon too old. */
const COMPACTION = "--etcd-compaction-interval=5s";

export interface Server {
  readonly url: string;
  /** PEM of what signs the serving certificate. */
  readonly ca: string;
  /** Of the user admin. */
  readonly token: string;
  /** A kubeconfig user with a client certificate, in the group system:masters. */
  readonly certificate: Record<string, string>;
  stop(): Promise<void>;
}

function certificateOf(kubeconfig: string): Record<string, string> {
  return parse(kubeconfig).users[0].user;
}

/** With what a user has by default, roles and controllers, but for the one that would write the programs' Deployments. */
export async function startOwnServer(): Promise<Server> {
  const flags = ["--authorization-mode=Node,RBAC", "--controllers=*,-deployment-controller", COMPACTION];
  const ours = await startOurs(flags);
  return { ...ours, ca: ours.ca ?? "", certificate: certificateOf(ours.ownKubeconfig) };
}

/** The certificate is made by a cluster of ours, in whose authority the peer is told to believe. */
export async function startPeerServer(): Promise<Server> {
  const cluster = await createCluster({ storage: "memory" });
  const config = cluster.kubeconfig();
  await cluster.close();
  const folder = mkdtempSync(join(tmpdir(), "kubefacade-clients-"));
  const authority = join(folder, "ca.pem");
  writeFileSync(
    authority,
    Buffer.from(parse(config).clusters[0].cluster["certificate-authority-data"], "base64"),
  );
  const peer = await startPeer({
    authorizationMode: "Node,RBAC",
    // Its cache of Secrets would remember what etcd has forgotten.
    flags: [`--client-ca-file=${authority}`, COMPACTION, "--watch-cache-sizes=secrets#0"],
  });
  const stop = async () => {
    await peer.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...peer, certificate: certificateOf(config), stop };
}
