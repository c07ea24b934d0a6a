// The token that unsafe requests carry. It changes when somebody signs in, also in another window, so it is read
// from its cookie for each request and never kept in a page.
export function csrfToken(): string {
  return /(?:^|; )stint_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

export function installCsrf(): void {
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { headers, parameters } = (
      event as CustomEvent<{ headers: Record<string, string>; parameters: Record<string, unknown> }>
    ).detail;
    headers["X-CSRFToken"] = csrfToken();
    // Django would believe a form's own, older one first.
    delete parameters.csrfmiddlewaretoken;
  });
  document.addEventListener("submit", (event) => {
    const field = (event.target as HTMLFormElement).elements.namedItem("csrfmiddlewaretoken");
    const token = csrfToken();
    if (field instanceof HTMLInputElement && token) field.value = token;
  });
}
