/**
 * What a task waits at until something has changed.
 *
 * @module
 */

/** Wakes whoever waits. Nobody is told what has changed: look, and wait again if it was something else. */
export class Bell {
  #waiting: (() => void)[] = [];

  /** Wait for the next ring. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Wake all that wait, in the order in which they came. */
  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
