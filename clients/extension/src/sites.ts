// The pages of issues that get a Start button: which the person allowed, and what stands on them.
import { keep, kept, platform } from "./platform";

export const SITES = "sites";
export const KNOWN: Record<string, { name: string; hosts: string }> = {
  github: { name: "GitHub", hosts: "https://github.com/*" },
  gitlab: { name: "GitLab", hosts: "https://gitlab.com/*" },
  jira: { name: "Jira", hosts: "https://*.atlassian.net/*" },
};
const SCRIPT = "buttons";

/** The patterns of hosts on which the person wants buttons. */
export async function wantedSites(): Promise<string[]> {
  return (await kept<string[]>(SITES)) ?? [];
}

export async function wantSite(hosts: string, wanted: boolean): Promise<void> {
  const others = (await wantedSites()).filter((site) => site !== hosts);
  await keep(SITES, wanted ? [...others, hosts] : others);
  await registerButtons();
}

let registering: Promise<void> = Promise.resolve();

/** Have the browser put the buttons on what is wanted and allowed, and nowhere else. */
export function registerButtons(): Promise<void> {
  registering = registering.then(register, register);
  return registering;
}

async function register(): Promise<void> {
  const { scripting, permissions } = platform;
  const wanted = await wantedSites();
  const allowed = await Promise.all(wanted.map((hosts) => permissions.contains({ origins: [hosts] })));
  const matches = wanted.filter((_hosts, at) => allowed[at]);
  const there = await scripting.getRegisteredContentScripts({ ids: [SCRIPT] });
  if (there.length) await scripting.unregisterContentScripts({ ids: [SCRIPT] });
  if (!matches.length) return;
  const files = { js: ["button.js"], css: ["button.css"] };
  await scripting.registerContentScripts([
    { id: SCRIPT, matches, ...files, runAt: "document_idle", persistAcrossSessions: true },
  ]);
}
