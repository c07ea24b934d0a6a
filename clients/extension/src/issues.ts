// Where an issue's title stands on the pages of GitHub, GitLab and Jira, and the note that a timer of it gets.

export interface Issue {
  /** The heading that the button goes behind. */
  heading: Element;
  note: string;
}

interface Kind {
  here: (page: Document) => boolean;
  /** Of the address without query: the name of the issue is its group. */
  address: RegExp;
  name: (found: RegExpMatchArray, url: URL) => string;
  headings: string;
}

const GITHUB: Kind = {
  here: (page) => hostIs(page, "github.com") || meta(page, "og:site_name") === "GitHub",
  address: /^\/([^/]+\/[^/]+)\/(?:issues|pull|discussions)\/(\d+)/,
  name: ([, repository, number]) => `${repository}#${number}`,
  headings:
    '[data-testid="issue-title"], .js-issue-title, [data-component="PH_Title"] .markdown-title, h1 bdi',
};
const GITLAB: Kind = {
  here: (page) => hostIs(page, "gitlab.com") || meta(page, "og:site_name") === "GitLab",
  address: /^\/(.+?)\/-\/(issues|merge_requests|work_items)\/(\d+)/,
  name: ([, project, what, number]) => `${project}${what === "merge_requests" ? "!" : "#"}${number}`,
  headings:
    '[data-testid="work-item-title"], [data-testid="issue-title"], [data-testid="title-content"], h1.title',
};
const JIRA: Kind = {
  here: (page) =>
    /\.atlassian\.net$/.test(page.location.hostname) || meta(page, "application-name") === "JIRA",
  address: /^\/(?:.*\/)?(?:browse|issues)\/([A-Z][A-Z0-9_]+-\d+)|^\/jira\/.*\/boards\/\d+/,
  name: ([, key], url) => key ?? url.searchParams.get("selectedIssue") ?? "",
  headings: '[data-testid="issue.views.issue-base.foundation.summary.heading"], #summary-val',
};

/** The issue that a page shows, if it shows one. */
export function issueOn(page: Document): Issue | undefined {
  const kind = [GITHUB, GITLAB, JIRA].find(({ here }) => here(page));
  const url = new URL(page.location.href);
  const found = kind && url.pathname.match(kind.address);
  const name = found && kind.name(found, url);
  const title =
    name && [...page.querySelectorAll(kind.headings)].find((element) => element.textContent?.trim());
  if (!title) return undefined;
  const heading = title.closest("h1, h2") ?? title;
  const text = (title.textContent ?? "").replace(/\s+/g, " ").trim();
  const link = kind === JIRA ? `${url.origin}/browse/${name}` : `${url.origin}${found[0]}`;
  return { heading, note: `${name} ${text} ${link}` };
}

function hostIs(page: Document, host: string): boolean {
  return page.location.hostname === host;
}

function meta(page: Document, name: string): string | null | undefined {
  return page.querySelector(`meta[property="${name}"], meta[name="${name}"]`)?.getAttribute("content");
}
