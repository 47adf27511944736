/** What the tests run against: kubefacade as its users start it, or the real servers. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCommand } from "../differential/ours.ts";
import type { Target } from "../differential/target.ts";
import { builtProgram } from "../upstream/build.ts";
import { startChild } from "../upstream/child.ts";
import { startPeer } from "../upstream/peer.ts";

export interface Server extends Target {
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/** So that a token of a list expires within the time that the other tests take anyway. */
const COMPACTION = "--etcd-compaction-interval=1m";

export const startOurs = (): Promise<Server> => startCommand([COMPACTION]);

/** kube-apiserver and etcd with kube-controller-manager. */
export async function startUpstream(): Promise<Server> {
  const peer = await startPeer({ authorizationMode: "Node,RBAC", flags: [COMPACTION] });
  const rootCa = join(peer.folder, "root-ca.pem");
  writeFileSync(rootCa, peer.ca);
  const manager = startChild(builtProgram("kube-controller-manager")!, [
    `--kubeconfig=${peer.kubeconfig}`,
    // Nobody renews what bare nodes say of themselves.
    "--controllers=*,-node-lifecycle-controller",
    "--use-service-account-credentials=true",
    `--service-account-private-key-file=${join(peer.folder, "service-account.key")}`,
    `--root-ca-file=${rootCa}`,
    "--secure-port=0",
    "--leader-elect=false",
    "--kube-api-qps=5000",
    "--kube-api-burst=10000",
  ]);
  manager.stdout.resume();
  manager.stderr.resume();
  const stop = async () => {
    manager.kill();
    await manager.ended;
    await peer.stop();
  };
  return { ...peer, name: "peer", stop };
}
