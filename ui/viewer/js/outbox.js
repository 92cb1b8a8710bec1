// What was decided, on its way to the server while one goes on: the last state of each recording,
// one request at a time, sent again until it has arrived.
class Outbox {
  static AGAIN_MS = 3000; // then twice as long each time
  static LONGEST_MS = 60_000;

  /**
   * @param {Server} server
   * @param {(handle: string, answer: Answers["viewer_review"]) => void} onArrival
   * @param {(reason: string | null) => void} onFailure
   * @param {() => void} onRecovery
   */
  constructor(server, onArrival, onFailure, onRecovery) {
    this.server = server;
    this.onArrival = onArrival;
    this.onFailure = onFailure;
    this.onRecovery = onRecovery;
    /** @type {Map<string, ReviewWords>} */ this.waiting = new Map();
    /** @type {Promise<void>} */ this.sending = Promise.resolve();
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.again = undefined;
    this.nFailures = 0;
  }

  /** @param {string} handle @param {ReviewWords} words */
  put(handle, words) {
    this.waiting.set(handle, words);
    UnderWay.keep(this.waiting);
    return this.send();
  }

  // What another request has told the server.
  /** @param {string} handle */
  forget(handle) {
    this.waiting.delete(handle);
    UnderWay.keep(this.waiting);
  }

  // One after the other: answers to two changes at once could overtake each other.
  send() {
    this.sending = this.sending.then(() => Outbox.isDrawn()).then(() => this.sendAll());
    return this.sending;
  }

  // What the key brought to the screen is drawn first.
  static isDrawn() {
    return new Promise((resolve) => requestIdleCallback(resolve, { timeout: 100 }));
  }

  async sendAll() {
    clearTimeout(this.again);
    /** @type {(string | null)[]} */ const failures = [];
    for (const [handle, words] of [...this.waiting]) {
      const answer = await this.server.viewer_review({ handle, ...words })
        .catch(() => /** @type {null} */ (null));
      if (!answer || answer.error) {
        failures.push(answer ? answer.error : null);
        continue;
      }
      if (this.waiting.get(handle) === words) this.forget(handle);
      this.onArrival(handle, answer);
    }
    if (failures.length) this.sendLater(failures[0]);
    else if (this.nFailures > 0) {
      this.nFailures = 0;
      this.onRecovery();
    }
  }

  /** @param {string | null} reason why it failed; null without an answer */
  sendLater(reason) {
    const wait_ms = Outbox.AGAIN_MS * 2 ** this.nFailures;
    this.onFailure(reason);
    this.nFailures += 1;
    this.again = setTimeout(() => this.send(), Math.min(wait_ms, Outbox.LONGEST_MS));
  }
}
