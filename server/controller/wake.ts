/** A flag that someone waits for: set while nobody waits, it is not lost. */
export class Wake {
  #isSet = false;
  #resume: (() => void) | null = null;

  set(): void {
    this.#isSet = true;
    this.#resume?.();
  }

  /** Resolves when set, or after `timeoutMs`; clears the flag. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#isSet && timeoutMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#resume = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#resume = null;
    }
    this.#isSet = false;
  }
}
