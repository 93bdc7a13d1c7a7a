// Which proxy a request goes through: what the environment names for its scheme, unless it names the host as one to be reached directly.

/** URL of the proxy, or undefined. `environment` is the task's. */
export function proxyFor(url: string, environment: Readonly<Record<string, string>>): string | undefined {
  const [, scheme, authority] = /^(\w+):\/\/(?:[^/@]*@)?([^/?#]*)/.exec(url) ?? [];
  if (scheme === undefined || authority === undefined) return undefined;
  const told = (name: string): string => environment[name] ?? environment[name.toUpperCase()] ?? '';
  const proxy = told(`${scheme.toLowerCase()}_proxy`) || told('all_proxy');
  if (proxy === '') return undefined;
  const host = authority.replace(/:\d+$/, '').toLowerCase();
  for (const entry of told('no_proxy').split(',')) {
    const name = entry.trim().toLowerCase().replace(/^\./, '');
    if (name === '') continue;
    if (name === '*' || host === name || host.endsWith(`.${name}`) || authority === name) return undefined;
  }
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}
