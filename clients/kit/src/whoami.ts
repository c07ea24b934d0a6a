/** The id of who is signed in: empty when nobody is, null when the server cannot be asked. */
export async function whoIsSignedIn(): Promise<string | null> {
  try {
    const response = await fetch("/api/v1/me", { headers: { Accept: "application/json" } });
    if (response.ok) return String(((await response.json()) as { id: number }).id);
    return response.status === 401 ? "" : null;
  } catch {
    return null;
  }
}
