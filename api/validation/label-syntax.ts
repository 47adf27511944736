/** The syntax of label keys and values, worded as k8s.io/apimachinery/pkg/api/validate/content does. */

const nameFormat = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const nameRegex = new RegExp(`^${nameFormat}$`);
const nameMessage =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

const valueFormat = `(${nameFormat})?`;
const valueRegex = new RegExp(`^${valueFormat}$`);

const subdomainFormat = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const subdomainRegex = new RegExp(`^${subdomainFormat}$`);

const maxName = 63;
const maxSubdomain = 253;

function regexMessage(message: string, format: string, ...examples: string[]): string {
  const list = examples.map((example) => `'${example}', `).join("or ");
  return `${message} (e.g. ${list}regex used for validation is '${format}')`;
}

const tooLong = (max: number): string => `must be no more than ${max} bytes`;

function subdomainErrors(text: string): string[] {
  const errors: string[] = [];
  if (Buffer.byteLength(text) > maxSubdomain) errors.push(tooLong(maxSubdomain));
  if (!subdomainRegex.test(text)) {
    errors.push(
      regexMessage(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        subdomainFormat,
        "example.com",
      ),
    );
  }
  return errors;
}

/** What is wrong with a label key (a "qualified name"); empty when it is valid. Source: content.IsLabelKey. */
export function labelKeyErrors(key: string): string[] {
  const parts = key.split("/");
  const wanted = regexMessage(nameMessage, nameFormat, "MyName", "my.name", "123-abc");
  if (parts.length > 2) {
    return [
      `a valid label key ${wanted} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const errors: string[] = [];
  const name = parts[parts.length - 1]!;
  if (parts.length === 2) {
    const prefix = parts[0]!;
    const wrong = prefix === "" ? ["must be non-empty"] : subdomainErrors(prefix);
    errors.push(...wrong.map((text) => `prefix part ${text}`));
  }
  if (name === "") errors.push("name part must be non-empty");
  else if (Buffer.byteLength(name) > maxName) errors.push(`name part ${tooLong(maxName)}`);
  if (!nameRegex.test(name)) errors.push(`name part ${wanted}`);
  return errors;
}

/** What is wrong with a label value; empty when it is valid. Source: content.IsLabelValue. */
export function labelValueErrors(value: string): string[] {
  const errors: string[] = [];
  if (Buffer.byteLength(value) > maxName) errors.push(tooLong(maxName));
  if (!valueRegex.test(value)) {
    errors.push(
      regexMessage(
        `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`,
        valueFormat,
        "MyValue",
        "my_value",
        "12345",
      ),
    );
  }
  return errors;
}
