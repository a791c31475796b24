/**
 * A page can be seen before its script runs, on a slow phone for seconds. What is clicked until then would be lost:
 * this script, inline in the head, keeps the last click on a button, and `releaseEarlyClicks` gives it back.
 */
export const HOLD_EARLY_CLICKS = `(() => {
  let last = null;
  const hold = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    last = button;
  };
  addEventListener("click", hold, true);
  window.releaseEarlyClicks = () => {
    removeEventListener("click", hold, true);
    if (last && last.isConnected) last.click();
    last = null;
  };
})();`;

declare global {
  interface Window {
    releaseEarlyClicks?: () => void;
  }
}

/** To be called once React listens. */
export const releaseEarlyClicks = () => window.releaseEarlyClicks?.();
