import { crud } from "../../crud.ts";

export const cases = [
  ...crud({
    resource: "v1/services",
    kind: "Service",
    minimal: { spec: { ports: [{ port: 80 }] } },
    variants: {
      full: {
        spec: {
          type: "ClusterIP",
          selector: { app: "a" },
          ports: [
            { name: "http", protocol: "TCP", appProtocol: "http", port: 80, targetPort: "http" },
            { name: "dns", protocol: "UDP", port: 53, targetPort: 5353 },
          ],
          externalIPs: ["1.2.3.4"],
          sessionAffinity: "ClientIP",
          sessionAffinityConfig: { clientIP: { timeoutSeconds: 100 } },
          publishNotReadyAddresses: true,
          ipFamilyPolicy: "SingleStack",
          ipFamilies: ["IPv4"],
          internalTrafficPolicy: "Local",
          trafficDistribution: "PreferClose",
        },
      },
      headless: { spec: { clusterIP: "None", selector: { app: "a" } } },
      nodePort: {
        spec: { type: "NodePort", externalTrafficPolicy: "Local", ports: [{ port: 80, nodePort: 30010 }] },
      },
      balancer: {
        spec: {
          type: "LoadBalancer",
          ports: [
            { port: 80, name: "a" },
            { port: 81, name: "b" },
          ],
          loadBalancerIP: "1.2.3.4",
          loadBalancerSourceRanges: ["10.0.0.0/8"],
          loadBalancerClass: "example.com/lb",
          externalTrafficPolicy: "Local",
          healthCheckNodePort: 30011,
          allocateLoadBalancerNodePorts: false,
        },
      },
      external: { spec: { type: "ExternalName", externalName: "a.example.com" } },
    },
    change: { "spec.selector": { a: "b" } },
    statusOf: { spec: { type: "LoadBalancer", ports: [{ port: 80 }] } },
    status: {
      "status.loadBalancer": {
        ingress: [
          { ip: "1.2.3.4", ipMode: "VIP", ports: [{ port: 80, protocol: "TCP", error: "example.com/E" }] },
        ],
      },
      "status.conditions": [
        {
          type: "a.b",
          status: "True",
          reason: "R",
          message: "m",
          observedGeneration: 1,
          lastTransitionTime: "2020-01-01T00:00:00Z",
        },
      ],
    },
  }),
  ...crud({
    resource: "v1/endpoints",
    kind: "Endpoints",
    minimal: {},
    variants: {
      full: {
        subsets: [
          {
            addresses: [
              {
                ip: "1.2.3.5",
                hostname: "h",
                nodeName: "n",
                targetRef: { kind: "Pod", name: "p", namespace: "d" },
              },
              { ip: "1.2.3.4" },
            ],
            notReadyAddresses: [{ ip: "1.2.3.6" }],
            ports: [
              { name: "http", port: 80, protocol: "TCP", appProtocol: "http" },
              { name: "b", port: 81 },
            ],
          },
          { addresses: [{ ip: "1.2.3.4" }], ports: [{ name: "http", port: 80 }] },
        ],
      },
    },
    change: { subsets: [{ addresses: [{ ip: "1.1.1.1" }], ports: [{ port: 1 }] }] },
  }),
  ...crud({
    resource: "discovery.k8s.io/v1/endpointslices",
    kind: "EndpointSlice",
    minimal: { addressType: "IPv4", endpoints: [] },
    variants: {
      full: {
        addressType: "IPv4",
        endpoints: [
          {
            addresses: ["1.2.3.4"],
            conditions: { ready: true, serving: true, terminating: false },
            hostname: "h",
            targetRef: { kind: "Pod", name: "p" },
            deprecatedTopology: { a: "b" },
            nodeName: "n",
            zone: "z",
            hints: { forZones: [{ name: "z" }], forNodes: [{ name: "n" }] },
          },
        ],
        ports: [{ name: "http", protocol: "TCP", port: 80, appProtocol: "http" }, { name: "all" }],
      },
      ipv6: { addressType: "IPv6", endpoints: [{ addresses: ["fd00::1"] }], ports: [] },
      fqdn: { addressType: "FQDN", endpoints: [{ addresses: ["a.example.com"] }] },
    },
    change: { ports: [{ port: 81 }] },
  }),
  ...crud({
    resource: "networking.k8s.io/v1/ingresses",
    kind: "Ingress",
    minimal: { spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } } } },
    variants: {
      full: {
        spec: {
          ingressClassName: "nginx",
          defaultBackend: { resource: { apiGroup: "example.com", kind: "Bucket", name: "b" } },
          tls: [{ hosts: ["a.example.com"], secretName: "s" }],
          rules: [
            {
              host: "*.example.com",
              http: {
                paths: [
                  {
                    path: "/",
                    pathType: "Prefix",
                    backend: { service: { name: "s", port: { name: "http" } } },
                  },
                  {
                    path: "/x",
                    pathType: "Exact",
                    backend: { service: { name: "s", port: { number: 80 } } },
                  },
                  {
                    pathType: "ImplementationSpecific",
                    backend: { service: { name: "s", port: { number: 80 } } },
                  },
                ],
              },
            },
          ],
        },
      },
    },
    change: { "spec.ingressClassName": "other" },
    status: {
      "status.loadBalancer": {
        ingress: [{ ip: "1.2.3.4", hostname: "h", ports: [{ port: 80, protocol: "TCP" }] }],
      },
    },
  }),
  ...crud({
    resource: "networking.k8s.io/v1/ingressclasses",
    kind: "IngressClass",
    clusterScoped: true,
    minimal: { spec: { controller: "example.com/c" } },
    variants: {
      full: {
        spec: {
          controller: "example.com/c",
          parameters: { apiGroup: "example.com", kind: "P", name: "p", scope: "Namespace", namespace: "n" },
        },
      },
      cluster: { spec: { controller: "example.com/c", parameters: { kind: "P", name: "p" } } },
    },
    change: { "spec.parameters": { kind: "Q", name: "q", scope: "Cluster" } },
  }),
  ...crud({
    resource: "networking.k8s.io/v1/networkpolicies",
    kind: "NetworkPolicy",
    minimal: { spec: { podSelector: {} } },
    variants: {
      full: {
        spec: {
          podSelector: { matchLabels: { a: "b" } },
          policyTypes: ["Ingress", "Egress"],
          ingress: [
            {
              from: [
                { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } },
                {
                  namespaceSelector: {},
                  podSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] },
                },
              ],
              ports: [{ protocol: "TCP", port: 80, endPort: 90 }, { port: "http" }],
            },
          ],
          egress: [{ to: [{ podSelector: {} }], ports: [{ protocol: "SCTP", port: 1 }] }],
        },
      },
    },
    change: { "spec.policyTypes": ["Egress"] },
  }),
  ...crud({
    resource: "networking.k8s.io/v1/ipaddresses",
    kind: "IPAddress",
    clusterScoped: true,
    name: (word) =>
      `2001:db8::${[...word].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7).toString(16)}`,
    minimal: { spec: { parentRef: { group: "", resource: "services", namespace: "n", name: "s" } } },
    variants: { short: { spec: { parentRef: { resource: "nodes", name: "n" } } } },
    change: { "metadata.labels": { changed: "yes" } },
  }),
  ...crud({
    resource: "networking.k8s.io/v1/servicecidrs",
    kind: "ServiceCIDR",
    settles: true,
    clusterScoped: true,
    minimal: { spec: { cidrs: ["192.168.0.0/24"] } },
    variants: { dual: { spec: { cidrs: ["192.168.1.0/24", "fd00:1::/112"] } } },
    change: { "metadata.labels": { changed: "yes" } },
    status: {
      "status.conditions": [
        {
          type: "Ready",
          status: "True",
          reason: "R",
          message: "m",
          observedGeneration: 1,
          lastTransitionTime: "2020-01-01T00:00:00Z",
        },
      ],
    },
  }),
];
