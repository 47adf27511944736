import { expect, test } from "vitest";
import { flagsOf } from "./flags.ts";

test("options are shown as kube-apiserver's flags", () => {
  const options = {
    eventTtl: 3600,
    etcdCompactionInterval: 300,
    authorizationMode: ["AlwaysDeny"],
    tokenAuthFile: "secret,admin,1",
  };
  const flags = flagsOf(options, { advertised: "10.1.2.3", address: "[::1]:6443" });
  expect(flags).toMatchObject({
    "advertise-address": "10.1.2.3",
    "authorization-mode": "[AlwaysDeny]",
    "etcd-compaction-interval": "5m0s",
    "event-ttl": "1h0m0s",
    "secure-port": "6443",
  });
  expect(JSON.stringify(flags)).not.toContain("secret");
});
