// Montage, order and visibility of the traces, part of the viewer: `Viewer` extends it.
class MontageView extends Reviewing {
  /** @param {string} id */
  async chooseMontage(id) {
    const answer = await this.ask("viewer_montage", { montage: id });
    if (!answer) {
      this.refresh();
      return false;
    }
    if (!answer.rows.length) {
      this.complain(texts.t("montage.empty"));
      this.refresh();
      return true;
    }
    this.montage = id;
    this.rows = answer.rows;
    this.missing = answer.missing;
    this.order = answer.rows.map((_row, number) => number);
    this.hidden = new Set(this.order.filter((number) => answer.rows[number].is_dummy));
    this.gains = new Map();
    this.measurement = this.pointer = null;
    this.lastPages = [];
    if (answer.n_left_out) {
      this.say(texts.t("montage.left_out", { n: answer.rows.length, of: answer.rows.length + answer.n_left_out }));
    } else if (answer.missing.length) this.say(texts.t("montage.missing_short", { n: answer.missing.length }));
    this.refresh();
    return true;
  }

  /** @param {string} text */
  async addMontage(text) {
    const answer = await this.ask("viewer_add_montage", { text });
    if (!answer) return null;
    this.info.montages = answer.montages;
    await this.chooseMontage(answer.id);
    return answer;
  }

  // Marks a recorded channel as bad, or as good again: nothing is derived from a bad one.
  /** @param {number} number */
  async toggleBad(number) {
    const { bad } = this.info;
    const channels = bad.includes(number) ? bad.filter((one) => one !== number) : [...bad, number];
    const answer = await this.ask("viewer_bad", { channels });
    if (!answer) return;
    this.info.bad = answer.bad;
    this.cache.clear();
    const key = answer.bad.includes(number) ? "said.bad" : "said.good";
    this.say(texts.t(key, { label: this.rows[number].label }));
    this.refresh();
  }

  shown() {
    return this.order.filter((number) => !this.hidden.has(number));
  }

  // Whether a trace is drawn by the common sensitivity and polarity: scalp EEG, or, where no
  // channel has an EEG's name, every voltage. ECG, breathing and the like fit their own row.
  /** @param {number} number */
  isEeg(number) {
    const { unit, side } = this.rows[number];
    return unit === "uV" && (side !== "other" || !this.rows.some((row) => row.side !== "other"));
  }

  // 1 where positive values go down, as is the habit for EEG.
  /** @param {number} number */
  turnOf(number) {
    return this.settings.negativeUp && this.isEeg(number) ? 1 : -1;
  }

  /** @param {number | null} number */
  rowIndex(number) {
    return number === null ? -1 : this.shown().indexOf(number);
  }

  /** @param {number[]} numbers @param {boolean} isShown */
  show(numbers, isShown) {
    for (const number of numbers) {
      if (isShown) this.hidden.delete(number);
      else this.hidden.add(number);
    }
    this.refresh();
  }

  showAll() {
    this.hidden.clear();
    this.refresh();
  }

  resetOrder() {
    this.order = this.rows.map((_row, number) => number);
    this.gains.clear();
    this.refresh();
  }

  /** @param {number} number @param {number} direction */
  moveRow(number, direction) {
    const from = this.order.indexOf(number);
    const to = from + direction;
    if (to < 0 || to >= this.order.length) return;
    this.order.splice(from, 1);
    this.order.splice(to, 0, number);
    this.refresh();
  }

  /** @param {number} number @param {number} gain */
  setGain(number, gain) {
    this.gains.set(number, gain);
    this.draw();
  }
}
