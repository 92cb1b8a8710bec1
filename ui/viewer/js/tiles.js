// Pages fetched from the server: kept while useful, the next and previous ahead of time.
class TileCache {
  constructor(fetchPage, onArrival, onFailure, limit = 24) {
    this.fetchPage = fetchPage;
    this.onArrival = onArrival;
    this.onFailure = onFailure;
    this.limit = limit;
    this.clear();
  }

  clear() {
    this.generation = (this.generation || 0) + 1; // answers to older questions are dropped
    this.pages = new Map();
    this.waiting = new Set();
  }

  get(key) {
    const page = this.pages.get(key);
    if (page) {
      this.pages.delete(key); // to the young end
      this.pages.set(key, page);
    }
    return page;
  }

  // Fetches a page unless it is here complete or on its way.
  async want(key, request) {
    const known = this.pages.get(key);
    if ((known && known.fraction >= 1) || this.waiting.has(key)) return;
    const generation = this.generation;
    this.waiting.add(key);
    let answer;
    try {
      answer = await this.fetchPage(request);
    } catch (error) {
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
