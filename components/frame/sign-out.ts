import { api } from "#components/api.ts";
import { toastError } from "#components/toast-error.ts";

export async function signOut(): Promise<void> {
  try {
    await api.logout();
    window.location.assign("/login");
  } catch (error) {
    toastError(error as Error);
  }
}
