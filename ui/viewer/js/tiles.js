// Pages fetched from the server: kept while useful, the next and previous ahead of time.
class TileCache {
  /**
   * @param {Server["viewer_page"]} fetchPage
   * @param {(key: string) => void} onArrival
   * @param {(message: string | null) => void} onFailure
   */
  constructor(fetchPage, onArrival, onFailure, limit = 24) {
    this.fetchPage = fetchPage;
    this.onArrival = onArrival;
    this.onFailure = onFailure;
    this.limit = limit;
    this.generation = 0;
    this.clear();
  }

  clear() {
    this.generation += 1; // answers to older questions are dropped
    /** @type {Map<string, Page>} */ this.pages = new Map();
    /** @type {Set<string>} */ this.waiting = new Set();
  }

  /** @param {string} key */
  get(key) {
    const page = this.pages.get(key);
    if (page) {
      this.pages.delete(key); // to the young end
      this.pages.set(key, page);
    }
    return page;
  }

  // Fetches a page unless it is here complete or on its way.
  /** @param {string} key @param {object} request */
  async want(key, request) {
    const known = this.pages.get(key);
    if ((known && known.fraction >= 1) || this.waiting.has(key)) return;
    const generation = this.generation;
    this.waiting.add(key);
    /** @type {Answered<PageAnswer> | undefined} */ let answer;
    try {
      answer = await this.fetchPage(request);
    } catch {
      answer = undefined;
    }
    if (generation !== this.generation) return;
    this.waiting.delete(key);
    if (!answer || answer.error) {
      this.onFailure(answer ? answer.error : null);
      return;
    }
    this.pages.set(key, Signals.unpack(answer));
    while (this.pages.size > this.limit) this.pages.delete(this.pages.keys().next().value);
    this.onArrival(key);
  }
}
