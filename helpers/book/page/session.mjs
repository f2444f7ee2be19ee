/** What lasts as long as this window: sentences, numbers, lists. A browser that keeps nothing forgets at once. */
export const session = {
  get(key) {
    try {
      return JSON.parse(sessionStorage.getItem(`book ${key}`));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value === null) sessionStorage.removeItem(`book ${key}`);
      else sessionStorage.setItem(`book ${key}`, JSON.stringify(value));
    } catch {
      // Then this page alone knows it.
    }
  },
};
