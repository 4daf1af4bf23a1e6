// What may name a model, as text from an address, a field or storage: untrusted, so only its form is checked here.

const modelLength = 2048;

/** A catalogue id, `owner/name` of a repository, an http(s) or same-origin address of a folder, or a folder that came from files. */
export function isModelName(text: string): boolean {
  if (text.length > modelLength) return false;
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}(\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,127})?$/.test(text)) return true;
  // A relative folder such as ./models/mine/ or /models/mine/, but not //host or a scheme of another kind.
  if (/^(?:\.{0,2}\/)(?!\/)/.test(text)) return true;
  try {
    const { protocol, username, password } = new URL(text);
    return ['https:', 'http:', 'imported:'].includes(protocol) && username === '' && password === '';
  } catch {
    return false;
  }
}
