/**
 * What a container image's reference says about its tag. Sources: github.com/distribution/reference (the grammar)
 * and k8s.io/kubernetes/pkg/util/parsers.ParseImageName.
 */

const pathPattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const domainPattern =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/** True where the image has the tag latest, also by naming neither tag nor digest; false for a malformed reference. */
export function isLatestImage(image: string): boolean {
  const at = image.indexOf("@");
  const named = at < 0 ? image : image.slice(0, at);
  const digest = at < 0 ? undefined : image.slice(at + 1);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  // Most images have another tag: whether they are well formed does not matter.
  if (tag === undefined ? digest !== undefined : tag !== "latest") return false;
  if (/^[a-f0-9]{64}$/.test(image)) return false;
  if (digest !== undefined && !digestPattern.test(digest)) return false;
  return isRepository(colon < 0 ? named : named.slice(0, colon));
}

function isRepository(name: string): boolean {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const hasDomain = first === "localhost" || /[.:A-Z]/.test(first);
  if (!hasDomain) return isPath(slash < 0 ? `library/${name}` : name);
  return domainPattern.test(first) && isPath(name.slice(slash + 1));
}

const isPath = (path: string): boolean => path.length <= 255 && pathPattern.test(path);
