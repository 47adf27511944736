/**
 * Checks of names and other short texts. Each returns what is wrong with the text, in upstream's words; an empty
 * list when nothing is. Source: k8s.io/apimachinery/pkg/util/validation and pkg/api/validate/content.
 *
 * Regular expressions here match in linear time and are made once.
 */

/** What is wrong with a text; empty: nothing. */
export type NameCheck = (value: string) => readonly string[];

/** A check that also fits the prefix of a generated name (metadata.generateName). */
export type ObjectNameCheck = (name: string, prefix: boolean) => readonly string[];

const none: readonly string[] = Object.freeze([]);

/** Go's len(): UTF-8 bytes. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** Whether the text has more than max UTF-8 bytes, without counting them for short texts. */
export function isLongerThan(text: string, max: number): boolean {
  if (text.length > max) return true;
  return text.length * 3 > max && Buffer.byteLength(text) > max;
}

export const emptyError = "must be non-empty";

export const inclusiveRangeError = (low: number, high: number): string =>
  `must be between ${low} and ${high}, inclusive`;

export const maxLengthError = (length: number): string => `must be no more than ${length} characters`;

/** The newer wording, of the checks that declarative validation shares (label keys and values). */
const maxBytesError = (length: number): string => `must be no more than ${length} bytes`;

export function regexError(message: string, pattern: string, ...examples: string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`;
  const list = examples.map((example) => `'${example}', `).join(" or ");
  return `${message} (e.g. ${list}regex used for validation is '${pattern}')`;
}

interface Format {
  pattern: RegExp;
  maxLength?: number;
  tooLong?: string;
  mismatch: string;
}

function format(source: string, message: string, examples: string[], maxLength?: number): Format {
  return {
    pattern: new RegExp(`^${source}$`),
    mismatch: regexError(message, source, ...examples),
    ...(maxLength === undefined ? {} : { maxLength, tooLong: maxLengthError(maxLength) }),
  };
}

function check(value: string, { pattern, maxLength, tooLong, mismatch }: Format): readonly string[] {
  const long = maxLength !== undefined && isLongerThan(value, maxLength);
  if (pattern.test(value)) return long ? [tooLong!] : none;
  return long ? [tooLong!, mismatch] : [mismatch];
}

const dns1123LabelSource = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const dns1123SubdomainSource = `${dns1123LabelSource}(\\.${dns1123LabelSource})*`;
const underscoreLabelSource = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";

export const dns1123LabelMaxLength = 63;
export const dns1123SubdomainMaxLength = 253;
export const dns1035LabelMaxLength = 63;
export const labelValueMaxLength = 63;

const dns1123Label = format(
  dns1123LabelSource,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  ["my-name", "123-abc"],
  dns1123LabelMaxLength,
);

const dns1123Subdomain = format(
  dns1123SubdomainSource,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  ["example.com"],
  dns1123SubdomainMaxLength,
);

const dns1123SubdomainWithUnderscore = format(
  `${underscoreLabelSource}(\\.${underscoreLabelSource})*`,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  ["example.com"],
  dns1123SubdomainMaxLength,
);

const dns1123SubdomainCaseless: Format = {
  pattern: new RegExp(`^${dns1123SubdomainSource}$`, "i"),
  maxLength: dns1123SubdomainMaxLength,
  tooLong: maxBytesError(dns1123SubdomainMaxLength),
  mismatch: regexError(
    "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    dns1123SubdomainSource,
    "Example.com",
  ),
};

const wildcardDns1123Subdomain = format(
  `\\*\\.${dns1123SubdomainSource}`,
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  ["*.example.com"],
  dns1123SubdomainMaxLength,
);

const dns1035Label = format(
  "[a-z]([-a-z0-9]*[a-z0-9])?",
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  ["my-name", "abc-123"],
  dns1035LabelMaxLength,
);

export function checkDns1123Label(value: string): readonly string[] {
  const problems = check(value, dns1123Label);
  if (problems.length === 0 || dns1123Label.pattern.test(value)) return problems;
  if (!dns1123Subdomain.pattern.test(value)) return problems;
  return [...problems.slice(0, -1), "must not contain dots"];
}

export const checkDns1123Subdomain: NameCheck = (value) => check(value, dns1123Subdomain);
export const checkDns1123SubdomainWithUnderscore: NameCheck = (value) =>
  check(value, dns1123SubdomainWithUnderscore);
export const checkDns1123SubdomainCaseless: NameCheck = (value) => check(value, dns1123SubdomainCaseless);
export const checkWildcardDns1123Subdomain: NameCheck = (value) => check(value, wildcardDns1123Subdomain);
export const checkDns1035Label: NameCheck = (value) => check(value, dns1035Label);

/** The same two checks in the wording of declarative validation ("bytes"): content.IsDNS1123Label and …Subdomain. */
export const checkShortName: NameCheck = (value) => inBytes(checkDns1123Label(value), dns1123LabelMaxLength);
export const checkLongName: NameCheck = (value) =>
  inBytes(checkDns1123Subdomain(value), dns1123SubdomainMaxLength);

function inBytes(problems: readonly string[], maxLength: number): readonly string[] {
  if (problems.length === 0) return problems;
  const tooLong = maxLengthError(maxLength);
  return problems.map((problem) => (problem === tooLong ? maxBytesError(maxLength) : problem));
}

const labelKeySource = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const labelKeyPattern = new RegExp(`^${labelKeySource}$`);
const labelKeyMismatch = regexError(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  labelKeySource,
  "MyName",
  "my.name",
  "123-abc",
);

/**
 * Pure memoisation: the keys of labels and annotations are the same in most objects. Bounded, because clients choose
 * them; what is known is forgotten when there is too much.
 */
const goodNames = new Set<string>();
const maxGoodNames = 1000;

/** IsQualifiedName: [DNS subdomain "/"] name. Keys of labels, annotations, resources, finalizers, conditions. */
export function checkQualifiedName(value: string): readonly string[] {
  if (goodNames.has(value)) return none;
  const problems = qualifiedNameProblems(value);
  if (problems.length > 0) return problems;
  if (goodNames.size === maxGoodNames) goodNames.clear();
  goodNames.add(value);
  return none;
}

function qualifiedNameProblems(value: string): readonly string[] {
  const slash = value.indexOf("/");
  if (slash < 0) return checkQualifiedNamePart(value);
  if (value.indexOf("/", slash + 1) >= 0) {
    return [
      `a valid label key ${labelKeyMismatch} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const prefix = value.slice(0, slash);
  const problems =
    prefix === ""
      ? [`prefix part ${emptyError}`]
      : checkLongName(prefix).map((problem) => `prefix part ${problem}`);
  const ofName = checkQualifiedNamePart(value.slice(slash + 1));
  return problems.length === 0 ? ofName : [...problems, ...ofName];
}

function checkQualifiedNamePart(name: string): readonly string[] {
  const matches = labelKeyPattern.test(name);
  if (matches && name.length <= 63) return none;
  const problems: string[] = [];
  if (name === "") problems.push(`name part ${emptyError}`);
  else if (isLongerThan(name, 63)) problems.push(`name part ${maxBytesError(63)}`);
  if (!matches) problems.push(`name part ${labelKeyMismatch}`);
  return problems;
}

const labelValue: Format = {
  pattern: new RegExp(`^(${labelKeySource})?$`),
  maxLength: labelValueMaxLength,
  tooLong: maxBytesError(labelValueMaxLength),
  mismatch: regexError(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    `(${labelKeySource})?`,
    "MyValue",
    "my_value",
    "12345",
  ),
};

export const checkLabelValue: NameCheck = (value) => check(value, labelValue);

const cIdentifier = format(
  "[A-Za-z_][A-Za-z0-9_]*",
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  ["my_name", "MY_NAME", "MyName"],
);

export const checkCIdentifier: NameCheck = (value) => check(value, cIdentifier);

const portRange: readonly string[] = Object.freeze([inclusiveRangeError(1, 65535)]);

export const checkPortNumber = (port: number | bigint): readonly string[] =>
  port >= 1 && port <= 65535 ? none : portRange;

export const checkInRange = (value: number | bigint, low: number, high: number): readonly string[] =>
  value >= low && value <= high ? none : [inclusiveRangeError(low, high)];

/** IsValidUserID and IsValidGroupID: 0 to 2^31 - 1. */
export const checkUserOrGroupId = (id: number | bigint): readonly string[] => checkInRange(id, 0, 2147483647);

/** IsValidPortName: an IANA service name (RFC 6335), in lower case. */
export function checkPortName(port: string): readonly string[] {
  if (/^[a-z]+$/.test(port) && port.length <= 15) return none;
  const problems: string[] = [];
  if (isLongerThan(port, 15)) problems.push(maxLengthError(15));
  if (!/^[-a-z0-9]+$/.test(port)) {
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(port)) problems.push("must contain at least one letter (a-z)");
  if (port.includes("--")) problems.push("must not contain consecutive hyphens");
  if (port.startsWith("-") || port.endsWith("-")) problems.push("must not begin or end with a hyphen");
  return problems;
}

const percent = format(
  "[0-9]+%",
  "a valid percent string must be a numeric string followed by an ending '%'",
  ["1%", "93%"],
);

export const checkPercent: NameCheck = (value) => check(value, percent);

const httpHeaderName = format(
  "[-A-Za-z0-9]+",
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  ["X-Header-Name"],
);

export const checkHttpHeaderName: NameCheck = (value) => check(value, httpHeaderName);

const envVarName = format(
  "[-._a-zA-Z][-._a-zA-Z0-9]*",
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  ["my.env-name", "MY_ENV.NAME", "MyEnvName1"],
);

export const checkEnvVarName: NameCheck = (value) => [...check(value, envVarName), ...checkDotDot(value)];

/** IsRelaxedEnvVarName: printable ASCII other than "=". */
export function checkRelaxedEnvVarName(value: string): readonly string[] {
  if (value === "") return [`environment variable name ${emptyError}`];
  if (/^[\x20-\x3c\x3e-\x7e]*$/.test(value)) return none;
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

const configMapKey = format(
  "[-._a-zA-Z0-9]+",
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  ["key.name", "KEY_NAME", "key-name"],
  dns1123SubdomainMaxLength,
);

/** A key of a ConfigMap or Secret. */
export function checkConfigMapKey(value: string): readonly string[] {
  const problems = check(value, configMapKey);
  return value.startsWith(".") ? [...problems, ...checkDotDot(value)] : problems;
}

function checkDotDot(value: string): readonly string[] {
  if (!value.startsWith(".")) return none;
  if (value === ".") return ["must not be '.'"];
  if (value === "..") return ["must not be '..'"];
  return value.startsWith("..") ? ["must not start with '..'"] : none;
}

/** IsPathSegmentName: safe as one segment of a URL path. */
export function checkPathSegmentName(name: string): readonly string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return checkPathSegmentPrefix(name);
}

export function checkPathSegmentPrefix(name: string): readonly string[] {
  if (!/[/%]/.test(name)) return none;
  return ["/", "%"].filter((text) => name.includes(text)).map((text) => `may not contain '${text}'`);
}

/** IsDecimalInteger: the canonical text of an integer. */
export function checkDecimalInteger(value: string): readonly string[] {
  if (value === "") return [emptyError];
  return /^(0|-?[1-9][0-9]*)$/.test(value) ? none : ["must be a valid decimal integer in canonical form"];
}

/** The name as it may end: "b-" with its last two bytes replaced, as upstream does before checking a generateName. */
function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;
}

const objectName =
  (checkName: NameCheck): ObjectNameCheck =>
  (name, prefix) =>
    checkName(prefix ? maskTrailingDash(name) : name);

/** Names of most kinds. */
export const nameIsDnsSubdomain: ObjectNameCheck = objectName(checkDns1123Subdomain);
/** Names of namespaces, among others. */
export const nameIsDnsLabel: ObjectNameCheck = objectName(checkDns1123Label);
/** Names of services. */
export const nameIsDns1035Label: ObjectNameCheck = objectName(checkDns1035Label);
/** Names of roles and bindings, among others. */
export const nameIsPathSegment: ObjectNameCheck = (name, prefix) =>
  prefix ? checkPathSegmentPrefix(name) : checkPathSegmentName(name);
