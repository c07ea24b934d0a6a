import { describe, expect, it } from "vitest";
import { issueOn } from "../src/issues";

function page(url: string, body: string, head = ""): Document {
  const made = document.implementation.createHTMLDocument("");
  made.head.innerHTML = head;
  made.body.innerHTML = body;
  Object.defineProperty(made, "location", { value: new URL(url) });
  return made;
}

const OWN = '<meta property="og:site_name" content="GitLab">';
const SERVER = '<meta name="application-name" content="JIRA">';
const JIRA = '<h1 data-testid="issue.views.issue-base.foundation.summary.heading">Pay by invoice</h1>';

describe("the issue of a page", () => {
  it.each([
    [
      "GitHub's issue",
      page(
        "https://github.com/o/r/issues/12?x=1",
        '<h1><bdi data-testid="issue-title">Fix\n the menu</bdi><span>#12</span></h1>',
      ),
      "o/r#12 Fix the menu https://github.com/o/r/issues/12",
    ],
    [
      "GitHub's pull request, on one of its tabs",
      page(
        "https://github.com/o/r/pull/9/files",
        '<h1><bdi class="js-issue-title markdown-title">Add it</bdi></h1>',
      ),
      "o/r#9 Add it https://github.com/o/r/pull/9",
    ],
    [
      "GitLab's issue in a subgroup",
      page("https://gitlab.com/g/s/p/-/issues/3", '<h1 data-testid="issue-title">Broken</h1>'),
      "g/s/p#3 Broken https://gitlab.com/g/s/p/-/issues/3",
    ],
    [
      "one's own GitLab's merge request",
      page(
        "https://git.example.com/p/q/-/merge_requests/4/diffs",
        '<h1 class="title" data-testid="title-content">Mend</h1>',
        OWN,
      ),
      "p/q!4 Mend https://git.example.com/p/q/-/merge_requests/4",
    ],
    [
      "Jira's issue",
      page("https://acme.atlassian.net/browse/PAY-7", JIRA),
      "PAY-7 Pay by invoice https://acme.atlassian.net/browse/PAY-7",
    ],
    [
      "Jira's issue opened on a board",
      page("https://acme.atlassian.net/jira/software/projects/PAY/boards/1?selectedIssue=PAY-7", JIRA),
      "PAY-7 Pay by invoice https://acme.atlassian.net/browse/PAY-7",
    ],
    [
      "one's own Jira's issue",
      page("https://jira.example.com/browse/AB_C-1", '<h1 id="summary-val">Old</h1>', SERVER),
      "AB_C-1 Old https://jira.example.com/browse/AB_C-1",
    ],
  ])("is %s", (_what, made, note) => {
    const issue = issueOn(made);
    expect(issue?.note).toBe(note);
    expect(issue?.heading.tagName).toBe("H1");
  });

  it.each([
    ["a list of issues", page("https://github.com/o/r/issues", "<h1><bdi>Issues</bdi></h1>")],
    [
      "a title that is still to come",
      page("https://github.com/o/r/issues/1", '<h1><bdi data-testid="issue-title"> </bdi></h1>'),
    ],
    [
      "a board without an open issue",
      page("https://acme.atlassian.net/jira/software/projects/PAY/boards/1", JIRA),
    ],
    ["another site", page("https://example.com/o/r/issues/1", "<h1><bdi>No</bdi></h1>")],
  ])("is none on %s", (_what, made) => {
    expect(issueOn(made)).toBeUndefined();
  });
});
